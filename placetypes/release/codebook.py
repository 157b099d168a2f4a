"""The codebook: what each column of each released file means, and what it holds."""

from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.database import Sql, is_geometry, quoted, quoted_table, table_columns
from placetypes.exports.documented import meaning_of
from placetypes.exports.tables import exported
from placetypes.job import Job

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection

TABLES = (".csv", ".parquet", ".gpkg")  # what has columns that we can ask for
FEW = 12  # texts that are listed one by one
KINDS = {  # of DuckDB's types: those of Frictionless Table Schema and of Croissant
    "BOOLEAN": ("boolean", "sc:Boolean"),
    "DOUBLE": ("number", "sc:Float"),
    "FLOAT": ("number", "sc:Float"),
    "VARCHAR": ("string", "sc:Text"),
}
WHOLE = ("integer", "sc:Integer")


class Column(NamedTuple):
    """A column of a released file."""

    file: str
    layer: str  # of a GeoPackage
    column: str
    meaning: str
    type: str  # as Frictionless names it; geometry for shapes
    unit: str
    range: str  # smallest and largest number; the texts, or how many there are
    missing: int
    rows: int


def read_codebook(connection: "Connection", job: Job, files: list[str]) -> list[Column]:
    """Return the columns of a job's files, as far as they are tables, in order."""
    units = variable_units(connection, job)
    found = []
    for file in files:
        entry, suffix = job.exports[file], PurePosixPath(file).suffix
        if suffix not in TABLES:
            continue
        layer = entry.get("layer", "") if suffix == ".gpkg" else ""
        found += read_columns(connection, job, file, layer, entry, units)
        for further, said in entry.get("layers", {}).items():
            if table_columns(connection, f"{job.name}.{said['table']}"):
                found += read_columns(connection, job, file, further, said, units)
    return found


def variable_units(connection: "Connection", job: Job) -> dict[str, str]:
    """Return the units of variables, from a table that the job's `release` names."""
    table = f"{job.name}.{(job.release or {}).get('variable_units')}"
    if not table_columns(connection, table):
        return {}
    rows = connection.execute(f"select variable, unit from {quoted_table(table)}")
    return {
        variable: "per cent" if unit == "share" else unit
        for variable, unit in rows.fetchall()
    }


def read_columns(
    connection: "Connection",
    job: Job,
    file: str,
    layer: str,
    entry: dict[str, Any],
    units: dict[str, str],
) -> list[Column]:
    """Return the columns of one file or layer."""
    # As text for CSV, but with shapes where the file has them.
    suffix = ".csv" if file.endswith(".csv") else ".parquet"
    query, _ = exported(connection, f"{job.name}.{entry['table']}", entry, suffix)
    kinds = dict(
        row[:2] for row in connection.execute(f"describe ({query})").fetchall()
    )
    [rows] = connection.execute(f"select count(*) from ({query})").fetchone()
    former = {new: old for old, new in entry.get("rename", {}).items()}
    columns = []
    for name, kind in kinds.items():
        own = former.get(name, name)
        shown, missing = read_range(connection, query, name, kind)
        columns.append(
            Column(
                file,
                layer,
                name,
                meaning_of(job.tables, entry["table"], own),
                "geometry" if is_geometry(kind) else kinds_of(kind)[0],
                unit_of(job, entry["table"], own, kind, units),
                shown,
                missing,
                rows,
            )
        )
    return columns


def kinds_of(kind: str) -> tuple[str, str]:
    """Return what Frictionless and Croissant call a type of DuckDB's."""
    if kind.startswith("DECIMAL"):
        return KINDS["DOUBLE"]
    return KINDS.get(kind, WHOLE if kind.endswith("INT") else KINDS["VARCHAR"])


def unit_of(job: Job, table: str, column: str, kind: str, units: dict[str, str]) -> str:
    """Return a column's unit: that which `release` in job.yml gives it, if any."""
    if kind in ("VARCHAR", "BOOLEAN") or is_geometry(kind):
        return ""
    said = (job.release or {}).get("units", {})
    for pattern, unit in said.items():
        name = f"{table}.{column}" if "." in pattern else column
        if fnmatch(name, pattern):
            return unit
    return units.get(column, "")


def read_range(
    connection: "Connection", query: Sql, name: str, kind: str
) -> tuple[str, int]:
    """Return what a column's values lie between, and how many are missing."""
    column = quoted(name)
    count = f"select count(*) - count({column})"
    if is_geometry(kind):
        [missing] = connection.execute(f"{count} from ({query})").fetchone()
        return "", missing
    is_number = kinds_of(kind)[0] in ("number", "integer")
    shown = f"round({column}, 4)" if is_number else column
    missing, least, most, kinds = connection.execute(
        f"{count}, min({shown})::varchar, max({shown})::varchar, "
        f"count(distinct {column}) from ({query})"
    ).fetchone()
    if least is None:
        return "no value", missing
    if is_number:
        return f"{least} to {most}", missing
    if kinds > FEW:
        return f"{kinds:,} different ones", missing
    texts = connection.execute(
        f"select distinct {column}::varchar from ({query}) "
        f"where {column} is not null order by 1"
    ).fetchall()
    return "; ".join(text for (text,) in texts), missing
