"""Notes: what a database remembers of its runs, tables, checks, files and parameters.

They stand in the schema `meta`. A table's note holds what it was made from, so that
only what changed is built again.
"""

import json
import platform
import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.checks import CheckResult
from placetypes.database import (
    PUBLISHED,
    WORK,
    Sql,
    connect,
    connect_plain,
    connect_published,
    literal,
    quoted_table,
    remove_database,
    unreadable,
)
from placetypes.errors import PlacetypesError, one_line, redacted
from placetypes.inputs.find import InputFile
from placetypes.publishing import finish_if_interrupted

Connection = duckdb.DuckDBPyConnection
MadeFrom = dict[str, Any]

# A database whose notes have another form, made by another version, is built anew.
NOTES_VERSION = 2

META = f"""
create schema if not exists meta;

create table if not exists meta.version as select {NOTES_VERSION} as version;

create table if not exists meta.runs (
    run_id varchar primary key,
    started timestamptz,
    finished timestamptz,
    seconds double,
    command varchar,
    git_commit varchar,
    versions map(varchar, varchar),
    synthetic boolean
);

create table if not exists meta.models (
    model varchar primary key,
    run_id varchar,
    built_by varchar,
    built_at timestamptz,
    rows bigint,
    seconds double,
    fingerprint varchar,
    made_from json,
    checks varchar
);

create table if not exists meta.checks (
    model varchar,
    name varchar,
    severity varchar,
    failing bigint,
    query varchar,
    checked_at timestamptz
);

create table if not exists meta.inputs (
    job varchar,
    input varchar,
    file varchar,
    bytes bigint,
    sha256 varchar,
    checked varchar,
    details json,
    primary key (job, input)
);

create table if not exists meta.parameters (
    parameter varchar primary key,
    value json,
    source varchar
);
"""


class Recorded(NamedTuple):
    """What is noted of an existing table."""

    made_from: MadeFrom
    checks: str  # hash of the checks that it passed


def open_work(
    output: Path, macros: dict[str, Sql], threads: int = 0, *, fresh: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open the work database: an unfinished run's, else a copy of what is published."""
    work = output / WORK
    if fresh:
        remove_database(work)
    connection = open_if_usable(work, threads) if work.exists() else None
    if connection is None:
        # A run that was killed can leave a file that DuckDB can't read. Nothing is
        # lost with it: what was published stands, and the rest is built again.
        remove_database(work)
        if (output / PUBLISHED).exists() and not fresh:
            # Half a copy could open and fail later, so it gets its name when whole.
            shutil.copyfile(output / PUBLISHED, work.with_suffix(".copy"))
            work.with_suffix(".copy").replace(work)
        connection = open_if_usable(work, threads)
    if connection is None:  # published by a version that kept other notes
        remove_database(work)
        connection = connect(work, threads=threads)
    connection.execute(META)
    for macro in macros.values():
        connection.execute(macro)
    return connection


def open_if_usable(path: Path, threads: int) -> duckdb.DuckDBPyConnection | None:
    """Open a work database; None where it can't be read or isn't in our form."""
    try:
        connection = connect(path, threads=threads)
    except duckdb.Error:
        return None
    if has_tables(connection) and not has_our_notes(connection):
        connection.close()
        return None
    return connection


def has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a database holds any table."""
    return connection.execute("select count(*) from duckdb_tables()").fetchone() != (0,)


def has_our_notes(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a database's notes on its tables have the form that we write."""
    tables = connection.execute(
        "from duckdb_tables() select count(*) "
        "where schema_name = 'meta' and table_name = 'version'"
    ).fetchone()
    if tables == (0,):
        return False
    row = connection.execute("select version from meta.version").fetchone()
    return row == (NOTES_VERSION,)


def recorded_in(output: Path) -> dict[str, Recorded]:
    """Return what is recorded in the unfinished or else the published database."""
    finish_if_interrupted(output)
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
    set_damaged_aside(output / PUBLISHED)
    with connect_published(output, spatial=False) as connection:
        return read_recorded(connection)


def set_damaged_aside(published: Path) -> None:
    """Give a published database that can't be read another name, and say so."""
    try:
        connect_plain(published, read_only=True).close()
    except (duckdb.IOException, duckdb.SerializationException) as error:
        if published.is_dir() or "lock" in str(error).lower():
            raise unreadable(published, error) from error
        aside = published.with_suffix(".damaged")
        published.replace(aside)
        raise PlacetypesError(
            f"{published} is damaged ({one_line(error)}) and set aside as "
            f"{aside.name}: run again, and everything is built anew."
        ) from error


def read_recorded(connection: Connection) -> dict[str, Recorded]:
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


def find_outdated(connection: Connection) -> list[str]:
    """Return the tables that were made from tables which have changed since."""
    rows = connection.execute(
        "select model, fingerprint, made_from from meta.models order by model"
    ).fetchall()
    current = {model: print_ for model, print_, _ in rows}
    return [
        model
        for model, _, parts in rows
        if any(
            current.get(parent) != print_
            for parent, print_ in json.loads(parts)["models"].items()
        )
    ]


def noted_tables(connection: Connection) -> set[str]:
    """Return the tables that are noted."""
    rows = connection.execute("select model from meta.models").fetchall()
    return {model for (model,) in rows}


def drop_tables(connection: Connection, models: Iterable[str]) -> None:
    """Drop tables and what is noted of them."""
    for model in models:
        connection.execute(f"drop table if exists {quoted_table(model)}")
        for table in ("models", "checks"):
            connection.execute(f"delete from meta.{table} where model = $1", [model])


def note_model(connection: Connection, model: str, values: list[Any]) -> None:
    """Note how a table was built: run, rows, seconds, fingerprint, parts, checks."""
    connection.execute(
        """
        insert or replace into meta.models
        values ($1, $2, $2, now(), $3, $4, $5, $6, $7)
        """,
        [model, *values],
    )


def note_checks(connection: Connection, model: str, results: list[CheckResult]) -> None:
    """Note what the checks of a table found."""
    connection.execute("delete from meta.checks where model = $1", [model])
    connection.execute(
        """
        insert into meta.checks
        select $1, unnest($2), unnest($3), unnest($4::bigint[]), unnest($5), now()
        """,
        [
            model,
            [result.check.name for result in results],
            [result.check.severity for result in results],
            [result.failing for result in results],
            [result.check.query for result in results],
        ],
    )


def known_files(connection: Connection, job: str) -> dict[tuple[str, str], Any]:
    """Return the details of a job's files by name and by what their check rested on."""
    # Without a bound parameter: for the first one, DuckDB imports pandas, which is on
    # its way in the background while files are checked.
    rows = connection.execute(
        f"select input, checked, details from meta.inputs where job = {literal(job)}"
    ).fetchall()
    return {(name, checked): json.loads(details) for name, checked, details in rows}


def note_file(connection: Connection, job: str, file: InputFile) -> None:
    """Note a checked file's name, size and content."""
    connection.execute(
        "insert or replace into meta.inputs values ($1, $2, $3, $4, $5, $6, $7)",
        [
            job,
            file.name,
            file.path.name,
            file.path.stat().st_size,
            file.sha256,
            file.checked,
            json.dumps(file.details),
        ],
    )


def note_run(
    connection: Connection,
    run_id: str,
    started: datetime,
    command: str,
    root: Path,
    parameters: dict[str, Any],
    *,
    synthetic: bool,
) -> None:
    """Note the run, and stamp every table with it: they are published together.

    `parameters` are those of the jobs that ran, as Value by full name: another job's
    tables stay as they are, and so what they were made with stays too.
    """
    finished = datetime.now(UTC)
    libraries = ("duckdb", "scikit-learn", "umap-learn")
    versions = {"python": platform.python_version()} | {
        name: metadata.version(name) for name in libraries
    }
    seconds = (finished - started).total_seconds()
    connection.execute("begin")
    connection.execute(
        "insert into meta.runs values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            run_id,
            started,
            finished,
            seconds,
            redacted(command),
            git_commit(root),
            versions,
            synthetic,
        ],
    )
    connection.execute("update meta.models set run_id = $1", [run_id])
    connection.execute(
        """
        insert or replace into meta.parameters
        select unnest($1), unnest($2), unnest($3)
        """,
        [
            list(parameters),
            [redacted(json.dumps(value.value)) for value in parameters.values()],
            [value.source for value in parameters.values()],
        ],
    )
    connection.execute("commit")


def git_commit(root: Path) -> str | None:
    """Return the commit of the project folder, None where there is none."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return answer.stdout.strip() or None
