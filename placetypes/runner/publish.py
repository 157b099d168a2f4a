"""Publishing: everything new is staged whole, then renamed into place.

Renaming several files can be interrupted between two of them. So the staged folder is
marked ready first; whoever finds a ready folder finishes the renaming.
"""

import json
import os
import shutil
from pathlib import Path

import duckdb

from placetypes.database import (
    PUBLISHED,
    RunningError,
    connect_plain,
    only_run,
    stage,
)
from placetypes.errors import PlacetypesError

STAGING = ".staging"
READY = "ready.json"
HISTORY = "history"


def publish(
    connection: duckdb.DuckDBPyConnection,
    output: Path,
    staged: list[str],
    keep: int | None,
) -> None:
    """Publish the database and what is staged (paths within the output folder).

    `keep` is how many former databases stay in the history; None leaves it alone.
    """
    staging = output / STAGING
    if keep is not None:
        keep_former(output, keep)
    stage(connection, staging / PUBLISHED)
    partial = staging / f"{READY}.partial"
    with partial.open("w") as opened:
        json.dump([PUBLISHED, *staged], opened)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(staging / READY)
    finish_publishing(output)


def finish_publishing(output: Path) -> None:
    """Rename what is staged and ready into place; clear away what is not ready."""
    staging = output / STAGING
    ready = staging / READY
    if ready.exists():
        for name in json.loads(ready.read_text()):
            source, target = staging / name, output / name
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                rename(source, target)
    shutil.rmtree(staging, ignore_errors=True)


def finish_if_interrupted(output: Path) -> None:
    """Finish what a run that was killed while it published left half renamed."""
    if not (output / STAGING / READY).exists():
        return
    try:
        with only_run(output):
            finish_publishing(output)
    except RunningError:
        return  # that run is just now publishing, and will finish by itself


def rename(source: Path, target: Path) -> None:
    """Rename a file over another one."""
    try:
        source.replace(target)
    except PermissionError as error:
        raise PlacetypesError(
            f"{target} can't be replaced: another program holds it open. Close it "
            "there and run again; the new result is kept and will be put in place."
        ) from error


def keep_former(output: Path, keep: int) -> None:
    """Put what is published now into the history, which holds the last `keep` runs."""
    history = output / HISTORY
    published = output / PUBLISHED
    if published.exists() and keep:
        history.mkdir(exist_ok=True)
        target = history / f"{run_of(published)}.duckdb"
        if not target.exists():
            partial = target.with_suffix(".partial")
            partial.unlink(missing_ok=True)
            try:
                os.link(published, partial)  # no second copy: renaming spares this one
            except OSError:
                shutil.copyfile(published, partial)
            partial.replace(target)
    for old in sorted(history.glob("*.duckdb"))[: -keep or None]:
        old.unlink()


def run_of(database: Path) -> str:
    """Return the id of the run that published a database."""
    with connect_plain(database, read_only=True) as connection:
        row = connection.execute("select max(run_id) from meta.runs").fetchone()
    return row[0]
