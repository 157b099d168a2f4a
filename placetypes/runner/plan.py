"""What a run would build, and why."""

import json
from pathlib import Path
from typing import NamedTuple

import duckdb

from placetypes.database import PUBLISHED, WORK, connect_plain, has_our_notes
from placetypes.runner.checks import checks_hash, model_checks
from placetypes.runner.fingerprint import MadeFrom, fingerprint, made_from, reason
from placetypes.runner.graph import build_order
from placetypes.runner.project import Model
from placetypes.runner.request import Request


class Recorded(NamedTuple):
    """What is noted of an existing table."""

    made_from: MadeFrom
    checks: str  # hash of the checks that it passed


class Planned(NamedTuple):
    """A model with what decides its table now, and why it must be built ('' if not)."""

    model: Model
    parts: MadeFrom
    fingerprint: str
    reason: str
    checks: str
    is_checked: bool  # whether the existing table passed these very checks


def make_plan(
    request: Request, recorded: dict[str, Recorded], *, fresh: bool = False
) -> list[Planned]:
    """Return the chosen models in building order, each with its reason to be built."""
    fingerprints: dict[str, str] = dict(request.upstream or {})
    plan = []
    for name in build_order(request.project.models):
        if name not in request.chosen:
            continue
        model = request.project.models[name]
        parts = made_from(
            model, request.values(model.job), request.files[model.job], fingerprints
        )
        fingerprints[name] = fingerprint(parts)
        rebuilt = [entry.model.full_name for entry in plan if entry.reason]
        former = recorded.get(name)
        why = (
            "--fresh"
            if fresh
            else reason(model, parts, former.made_from if former else None, rebuilt)
        )
        checks = checks_hash(model_checks(request.project, model))
        is_checked = former is not None and former.checks == checks
        plan.append(Planned(model, parts, fingerprints[name], why, checks, is_checked))
    return plan


def read_recorded(connection: duckdb.DuckDBPyConnection) -> dict[str, Recorded]:
    """Return what each existing table was made from."""
    if not has_our_notes(connection):
        return {}
    rows = connection.execute(
        """
        select models.model, models.made_from, models.checks
        from meta.models
        inner join duckdb_tables() as tables
            on tables.schema_name || '.' || tables.table_name = models.model
            and tables.database_name = current_database()
        """
    ).fetchall()
    return {model: Recorded(json.loads(parts), checks) for model, parts, checks in rows}


def recorded_in(output: Path) -> dict[str, Recorded]:
    """Return what is recorded in the unfinished or else the published database."""
    if (output / WORK).exists():
        try:
            with connect_plain(output / WORK, read_only=True) as connection:
                return read_recorded(connection)
        except duckdb.Error:
            # Another run writes it now, or was killed while it did. In the latter case
            # open_work starts again from what is published, and so does the plan.
            pass
    if not (output / PUBLISHED).exists():
        return {}
    with connect_plain(output / PUBLISHED, read_only=True) as connection:
        return read_recorded(connection)
