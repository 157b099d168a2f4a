"""The queries of this room: files of SQL that read views and variables.

Which table of a job a view stands for is told by its job.yml; what a user types is
bound as a variable. So the files hold no placeholders.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import (
    PUBLISHED,
    Sql,
    connect,
    connect_published,
    literal,
    quoted,
    table_columns,
)
from placetypes.errors import PlacetypesError
from placetypes.job import Job, Level
from placetypes.runner.build import set_variable

QUERIES = Path(__file__).with_name("queries")
CLASSIFICATION = "classification"  # where a job gathers all that it knows of an area
OWN = "own"  # the published database, where it is attached


def ask(
    connection: duckdb.DuckDBPyConnection, query: str, **variables: Any
) -> list[tuple[Any, ...]]:
    """Run a file of the folder queries with these variables set."""
    for name, value in variables.items():
        set_variable(connection, name, value)
    return connection.execute(text_of(query)).fetchall()


def text_of(query: str) -> Sql:
    """Return a file of the folder queries."""
    return Sql((QUERIES / f"{query}.sql").read_text("utf-8"))


@contextmanager
def published(output: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory with the published one attached as `own`."""
    connect_published(output, spatial=False).close()  # says what is wrong with it
    with connect() as connection:
        attach(connection, output / PUBLISHED, OWN)
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Make a database readable under a name."""
    connection.execute(f"attach {literal(str(path))} as {quoted(name)} (read_only)")


def view(connection: duckdb.DuckDBPyConnection, name: str, select: Sql) -> None:
    """Let a name that the queries read stand for a SELECT."""
    connection.execute(f"create or replace temp view {quoted(name)} as {select}")


def make(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Make a table of what a file of the folder queries finds."""
    connection.execute(f"create table {quoted(table)} as\n{text_of(query)}")


def table_of(
    connection: duckdb.DuckDBPyConnection, database: str, job: str, level: Level
) -> str:
    """Return the table that gives each area its class of a level, '' for none.

    That is the job's classification where it has one, else the level's own table.
    """
    for table in (CLASSIFICATION, level.table):
        name = f"{database}.{job}.{table}" if database else f"{job}.{table}"
        if {"area", level.name} <= table_columns(connection, name).keys():
            return name
    return ""


def with_levels(jobs: dict[str, Job]) -> dict[str, Job]:
    """Return the jobs that classify areas."""
    found = {name: job for name, job in jobs.items() if job.levels}
    if not found:
        raise PlacetypesError(
            "No job classifies areas: none has levels in its job.yml."
        )
    return found
