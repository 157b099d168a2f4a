"""What a result says of itself: what its columns mean, what it was made from."""

import json
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.inputs.find import is_absent
from placetypes.job import Job
from placetypes.runner.project import Project

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection


class Source(NamedTuple):
    """A file that a job's tables were made from."""

    name: str
    file: str
    sha256: str
    meaning: str
    licence: str  # keys of the job's licences; empty for what the project itself has


def meaning_of(tables: dict[str, Any], table: str, column: str) -> str:
    """Return what tables.yml says of a column, or of those that the data name."""
    said = tables.get(table, {})
    found = said.get("columns", {}).get(column)
    return found or said.get("other_columns", "")


def read_sources(connection: "Connection", job: Job) -> list[Source]:
    """Return the files that a job's tables were made from, but private ones."""
    rows = connection.execute(
        "select input, file, sha256 from meta.inputs where job = ? order by input",
        [job.name],
    ).fetchall()
    return [
        Source(name, file, digest, said["meaning"], said.get("licence", ""))
        for name, file, digest in rows
        if (said := job.inputs.get(name))
        and not said.get("private")
        and not is_absent(said, file)
    ]


def read_parameters(
    connection: "Connection", project: Project, job: Job
) -> dict[str, Any]:
    """Return the parameters that a job's tables were made with, by their short names.

    Of a file that a parameter names only the name is told, not where it lay.
    """
    rows = connection.execute(
        "select parameter, value from meta.parameters order by parameter"
    ).fetchall()
    known = project.specifications
    values = {
        known[name].name: json.loads(value)
        for name, value in rows
        if name in known and known[name].job == job.name
    }
    for entry in job.inputs.values():
        named = entry["file"]["parameter"] if isinstance(entry["file"], dict) else ""
        if values.get(named):
            values[named] = PureWindowsPath(values[named]).name  # any system's path
    return values


def read_software(connection: "Connection") -> tuple[dict[str, str], str]:
    """Return the versions that a result was made with, and the commit of the code."""
    versions, commit = connection.execute(
        "select arg_max(versions, run_id), arg_max(git_commit, run_id) from meta.runs"
    ).fetchone()
    return versions, commit or ""
