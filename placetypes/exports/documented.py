"""What a result says of itself: what its columns mean, what it was made from."""

import csv
import json
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.database import is_synthetic
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


def definitions(root: Path) -> dict[tuple[str, str], str]:
    """Return by a variable's code and name which cells of which table it counts.

    As data/variable_definitions.csv has it first. The code alone would not do, since
    anyone's variables may be called v01.
    """
    found: dict[tuple[str, str], str] = {}
    place = root / "data" / "variable_definitions.csv"
    with place.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            cells = line["numerator_cells"].replace(" | ", "; ")
            found.setdefault(
                (line["variable"], line["name"]),
                f"{line['source']}, {line['country']}, table {line['table']}: {cells}",
            )
    return found


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


def licences_of(job: Job, sources: list[Source]) -> dict[str, dict[str, str]]:
    """Return the licences of the sources that were used, as job.yml says them."""
    used = {key for source in sources for key in source.licence.split()}
    said = (job.release or {}).get("licences", {})
    return {key: entry for key, entry in said.items() if key in used}


def credits_of(connection: "Connection", job: Job) -> list[str]:
    """Return the sentences that the licences prescribe below what a map shows.

    What has the licence of the result itself is covered by that one's sentence.
    """
    if is_synthetic(connection):
        return ["Synthetic demo, its figures invented"]
    used = licences_of(job, read_sources(connection, job))
    own = used.get((job.release or {}).get("licence", ""), {})
    others = [said for said in used.values() if said["name"] != own.get("name")]
    return [said["attribution"] for said in (own, *others) if "attribution" in said]


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
