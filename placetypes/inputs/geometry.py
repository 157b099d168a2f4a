"""Geometry files: read by a process of its own, with a limit of time and memory."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import literal, quoted
from placetypes.errors import disk_full
from placetypes.inputs.find import content_path, expected_columns
from placetypes.inputs.rules import refusal, sentence

FORMATS = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".zip")
READER = Path(__file__).with_name("geometry_reader.py")

# What a file may cost: far more than any real one does. The file of a country's 239,023
# areas takes 4 s and 1 GB.
SECONDS, SECONDS_A_MEGABYTE = 60, 1
BYTES, BYTES_A_BYTE = 4 * 2**30, 30


def is_geometry_file(path: Path, entry: dict[str, Any]) -> bool:
    """Tell whether an input is read as geometry: by its format, or as GeoParquet."""
    suffix = path.suffix.lower()
    return suffix in FORMATS or (suffix == ".parquet" and bool(entry.get("geometry")))


def open_geometry(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    sha256: str,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Make a geometry file's attributes readable as `content`; check its geometry.

    What was read waits as GeoParquet for SQL: see find.InputFile.variables.
    """
    refuse_open_edits(path)
    target = content_path(path, sha256)
    columns = list(expected_columns(entry, parameters))
    # Whole at once: two inputs may be one file, which both threads then read.
    part = target.with_name(f"{threading.get_ident()}.parquet")
    details = read_apart(path, part, columns)
    part.replace(target)
    if not details.pop("rows") and not entry.get("optional"):
        raise refusal("no_rows", file=path.name)
    connection.execute(
        f"create temp table content as select * exclude ({quoted(details['geometry'])})"
        f" from read_parquet({literal(str(target))}, hive_partitioning = false)"
    )
    details["messages"] = [
        sentence(rule, file=path.name, **values) for rule, values in details["messages"]
    ]
    if path.suffix.lower() in (".geojson", ".json") and not names_crs(path):
        details["messages"].append(sentence("geojson_without_crs", file=path.name))
    return details


def read_apart(
    path: Path,
    target: Path,
    columns: list[str],
    layer: str | None = None,
    *,
    any_shape: bool = False,
) -> dict[str, Any]:
    """Let another process write a file's layer as GeoParquet; return its details.

    Areas are polygons; with `any_shape` lines and points are taken too.
    Raises PlacetypesError for what breaks a rule, ends the process or takes too long.
    """
    size = path.stat().st_size
    request = {
        "path": str(path),
        "target": str(target),
        "columns": columns,
        "layer": layer,
        "any_shape": any_shape,
        "bytes": BYTES + BYTES_A_BYTE * size,
    }
    seconds = SECONDS + SECONDS_A_MEGABYTE * size / 1e6
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(READER)],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("geometry_endless", file=path.name, seconds=seconds) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        lines = done.stderr.strip().split("\n")
        reason = lines[-1] or f"signal {-done.returncode}"
        if "No space left" in reason:
            raise disk_full(target.parent) from error
        rule = "geometry_too_much" if "alloc" in reason.lower() else "geometry_crashes"
        raise refusal(rule, file=path.name, reason=reason) from error
    if "rule" in answer:
        raise refusal(answer["rule"], file=path.name, **answer["values"])
    return answer


def refuse_open_edits(path: Path) -> None:
    """Refuse a SQLite file whose latest edits wait in a file beside it."""
    for suffix in ("-wal", "-journal"):
        beside = path.with_name(path.name + suffix)
        if beside.exists() and beside.stat().st_size:
            raise refusal("open_edits", file=path.name, beside=beside.name)


def names_crs(path: Path) -> bool:
    """Tell whether a GeoJSON file has a `crs` member, which stands near an end."""
    with path.open("rb") as opened:
        start = opened.read(4096)
        opened.seek(max(0, path.stat().st_size - 1024))
        return b'"crs"' in start or b'"crs"' in opened.read()
