"""Two runs held against each other: areas that moved, agreement, index scores."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.compare.query import ask, attach, table_of, view, with_levels
from placetypes.database import (
    PUBLISHED,
    connect_plain,
    quoted,
    quoted_table,
    table_columns,
)
from placetypes.errors import PlacetypesError, listed
from placetypes.job import Job
from placetypes.publishing import finish_if_interrupted
from placetypes.runner.publish import HISTORY, run_of

RUNS = ("former", "latter")
SCORES = "index_scores"  # compared too where both runs hold such a table of a job
SCORE_COLUMNS = {"cluster", "variable", "variable_name", "index_score"}


class Comparison(NamedTuple):
    """What differs between two runs in one job."""

    job: str
    areas: int  # areas that both classify
    adjusted_rand_index: float | None
    moves: list[tuple[Any, ...]]  # area, former class, new class
    scores: list[tuple[Any, ...]]  # moved index scores, the largest move first


def databases(output: Path) -> dict[str, Path]:
    """Return the kept databases by run id, the oldest first, the published one last."""
    finish_if_interrupted(output)
    found = {path.stem: path for path in sorted((output / HISTORY).glob("*.duckdb"))}
    if (output / PUBLISHED).exists():
        found[run_of(output / PUBLISHED)] = output / PUBLISHED
    if not found:
        raise PlacetypesError(
            f"There is no result in {output} yet: python pipeline.py run makes it."
        )
    return found


def find_run(output: Path, name: str) -> Path:
    """Return the database of a run id, of its beginning, or of `latest`."""
    found = databases(output)
    if name == "latest":
        return list(found.values())[-1]
    fitting = [path for run_id, path in found.items() if run_id.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    what = "more than one kept run begins with" if fitting else "no kept run is called"
    raise PlacetypesError(
        f"In {output}, {what} {name}. Kept: {listed(found, most=10)}; "
        "the parameter history says how many are kept."
    )


def compare(former: Path, latter: Path, jobs: dict[str, Job]) -> list[Comparison]:
    """Compare two databases by the coarsest level of each job that both hold.

    Raises PlacetypesError where they have no job's classes in common.
    """
    with connect_plain() as connection:
        for name, path in zip(RUNS, (former, latter), strict=True):
            attach(connection, path, name)
        found = [
            compare_job(connection, job)
            for job in with_levels(jobs).values()
            if has_classes(connection, job)
        ]
    if not found:
        raise PlacetypesError(
            "Both runs hold no job's classes in common "
            f"(levels are known of {listed(with_levels(jobs))})."
        )
    return found


def has_classes(connection: duckdb.DuckDBPyConnection, job: Job) -> bool:
    """Let the queries read both runs' classes, if both runs hold them."""
    level = job.levels[0]
    tables = [table_of(connection, run, job.name, level) for run in RUNS]
    if not all(tables):
        return False
    column = f"{quoted(level.name)} as class"
    for run, table in zip(RUNS, tables, strict=True):
        select = f"select area, {column} from {quoted_table(table)}"
        view(connection, f"{run}_classes", select)
    return True


def compare_job(connection: duckdb.DuckDBPyConnection, job: Job) -> Comparison:
    """Compare one job's classes and, where it has them, its index scores."""
    from sklearn.metrics import adjusted_rand_score

    classes = ask(connection, "common_classes")
    return Comparison(
        job.name,
        len(classes),
        float(adjusted_rand_score(*zip(*classes, strict=True))) if classes else None,
        ask(connection, "moves"),
        ask(connection, "moved_scores") if has_scores(connection, job) else [],
    )


def has_scores(connection: duckdb.DuckDBPyConnection, job: Job) -> bool:
    """Let the queries read both runs' index scores, if both runs hold them."""
    for run in RUNS:
        table = f"{run}.{job.name}.{SCORES}"
        if not table_columns(connection, table).keys() >= SCORE_COLUMNS:
            return False
        view(connection, f"{run}_scores", f"from {quoted_table(table)}")
    return True
