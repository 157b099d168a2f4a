"""Input files: found by name, unpacked, and checked at the door.

What a job expects stands in its models.yml under `inputs`. Every check ends in a
sentence with the file, the column, the area and the remedy. DuckDB's spatial extension
ends the whole process on some damaged files, so geometry files pass through pyogrio
before SQL may touch them.
"""

import hashlib
import json
import shutil
import zipfile
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import duckdb

from placetypes.database import literal
from placetypes.errors import PlacetypesError, listed, nearest

GEOMETRY_FORMATS = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
LARGEST = 1e12  # no percentage, density or count of people comes near it


class InputFile(NamedTuple):
    """A file that a job reads: where it is, what it holds, what SQL may call it."""

    name: str
    path: Path
    sha256: str
    details: dict[str, Any]  # layer, geometry, messages: known once it is checked
    checked: str  # hash of the content and of the rules that it met

    @property
    def variables(self) -> dict[str, str]:
        """Return the SQL variables that stand for the file."""
        derived = {
            f"{self.name}_{key}": self.details[key]
            for key in ("layer", "geometry", "crs")
            if key in self.details
        }
        return {self.name: str(self.path), **derived}


def file_pattern(entry: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Return an input's file name or pattern, which may be a parameter."""
    return from_parameter(entry["file"], parameters)


def from_parameter(value: Any, parameters: dict[str, Any]) -> Any:
    """Return what `{parameter: name}` refers to, or the value itself."""
    if isinstance(value, dict) and "parameter" in value:
        return parameters[value["parameter"]]
    return value


def unpack_zips(folder: Path, wanted: list[str]) -> list[str]:
    """Unpack the wanted files of each `input_data*.zip`; say what was unpacked.

    Files that already lie in the folder are kept. Folders inside the zip don't count.
    Raises PlacetypesError for a damaged zip or one whose paths lead outside.
    """
    messages = []
    for archive in sorted(folder.glob("input_data*.zip")):
        try:
            with zipfile.ZipFile(archive) as opened:
                unpacked = unpack(opened, archive.name, folder, wanted)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
            raise PlacetypesError(
                f"{archive.name} can't be unpacked ({error}); download it again."
            ) from error
        except RuntimeError as error:  # zipfile's word for a password
            raise PlacetypesError(
                f"{archive.name} can't be unpacked ({error}); unpack it by hand."
            ) from error
        if unpacked:
            messages.append(f"{archive.name}: unpacked {', '.join(unpacked)}")
    return messages


def unpack(
    archive: zipfile.ZipFile, name: str, folder: Path, wanted: list[str]
) -> list[str]:
    """Write the zip's wanted files into the folder under their bare names."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    for member in members:
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
            raise PlacetypesError(
                f"{name} holds a path that leads outside the folder "
                f"({member.filename}); nothing was unpacked."
            )
    unpacked = []
    for member in members:
        target = folder / PurePosixPath(member.filename.replace("\\", "/")).name
        if target.exists() or not matches_any(target.name, wanted):
            continue
        partial = target.with_name(f".{target.name}.partial")
        with archive.open(member) as source, partial.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        partial.replace(target)
        unpacked.append(target.name)
    return unpacked


def matches_any(name: str, patterns: list[str]) -> bool:
    """Tell whether a file name fits one of the patterns."""
    return any(fnmatch(name, pattern) for pattern in patterns)


def find_file(folder: Path, pattern: str) -> Path | None:
    """Return the one file of a folder that fits a name or pattern, None without one."""
    if not folder.is_dir():
        return None
    found = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and fnmatch(path.name, pattern) and path.name[0] != "."
    )
    if len(found) > 1:
        raise PlacetypesError(
            f"{folder}: {len(found)} files fit {pattern} "
            f"({listed(path.name for path in found)}); leave one."
        )
    return found[0] if found else None


def locate(
    name: str,
    entry: dict[str, Any],
    folder: Path,
    root: Path,
    parameters: dict[str, Any],
) -> Path:
    """Return the path of an input. Raises PlacetypesError where it is missing.

    `folder` is the input folder, or for an entry `in_output` the job's output folder.
    """
    patterns = [
        pattern.strip() for pattern in file_pattern(entry, parameters).split("|")
    ]
    for pattern in patterns:
        path = find_file(folder, pattern)
        if path is not None:
            return path.resolve()
    if "project_file" in entry and not is_needed(entry, parameters):
        return root / entry["project_file"]
    neighbours = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    hint = nearest(patterns[0], neighbours) if neighbours else " The folder is empty."
    hint = hint.replace("Known:", "The folder holds")
    raise PlacetypesError(
        f"{' or '.join(patterns)} is missing from {folder} ({entry['meaning']}).{hint}"
    )


def is_needed(entry: dict[str, Any], parameters: dict[str, Any]) -> bool:
    """Tell whether a parameter's value makes an otherwise optional file necessary."""
    conditions = entry.get("needed_when", {})
    return bool(conditions) and all(
        parameters[name] == value for name, value in conditions.items()
    )


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's content."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def rules_hash(sha256: str, entry: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Hash what a check depends on: the content, the rules, parameters in them."""
    resolved = {
        key: from_parameter(value, parameters)
        for key, value in entry.items()
        if key not in ("meaning", "columns")
    }
    columns = expected_columns(entry, parameters)
    missing = parameters.get("missing_values", "refuse")
    text = json.dumps([sha256, resolved, columns, missing], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def expected_columns(
    entry: dict[str, Any], parameters: dict[str, Any]
) -> dict[str, str]:
    """Return the necessary columns with their kinds; names may be parameters."""
    columns = {}
    for name, kind in entry.get("columns", {}).items():
        if not name.startswith("$"):
            columns[name] = kind
            continue
        value = parameters[name.removeprefix("$")]
        for column in value if isinstance(value, list) else [value]:
            columns[column] = kind
    return columns


def check_file(
    database: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Check a file against what models.yml says of it; return its details.

    What is read of it goes into temporary tables, which end with the check. Raises
    PlacetypesError with the file, the column, the area and the remedy.
    """
    if path.stat().st_size == 0 and not entry.get("may_be_empty"):
        raise PlacetypesError(f"{path.name} is empty (0 bytes); download it again.")
    with database.cursor() as connection:  # temporary tables are a cursor's own
        if entry.get("in_output") and path.suffix in (".json", ".jsonl"):
            details = {}
            open_records(connection, path, entry)
        elif path.suffix.lower() in GEOMETRY_FORMATS:
            details = open_geometry(connection, path, entry, parameters)
        else:
            details = {}
            open_table(connection, path, strict=entry.get("strict", True))
        check_columns(connection, path, entry, parameters, details)
    return details


def open_table(
    connection: duckdb.DuckDBPyConnection, path: Path, *, strict: bool = True
) -> None:
    """Make a Parquet or CSV file readable as `content`.

    Files that are edited by hand may mix line ends, which only a reading that isn't
    `strict` accepts.
    """
    reader = (
        "read_parquet($path)"
        if path.suffix.lower() == ".parquet"
        else "read_csv($path, delim = ',', header = true, all_varchar = true, "
        f"strict_mode = {strict})"
    )
    try:
        kind = "view" if path.suffix.lower() == ".parquet" else "table"
        source = reader.replace("$path", literal(str(path)))
        connection.execute(f"create temp {kind} content as from {source}")
    except duckdb.Error as error:
        reason = one_line(error).replace(f"{path.parent}/", "")
        remedy = (
            "check that the download is whole"
            if path.suffix.lower() == ".parquet"
            else "check that it is saved as UTF-8 text, with commas, the same number "
            "of columns in each row and one kind of line end"
        )
        raise PlacetypesError(
            f"{path.name} can't be read as {path.suffix[1:].upper()} ({reason}); "
            f"{remedy}."
        ) from error


def open_records(
    connection: duckdb.DuckDBPyConnection, path: Path, entry: dict[str, Any]
) -> None:
    """Make a file of JSON records readable as `content`, every value as text."""
    columns = ", ".join(f"{quoted(name)}: 'varchar'" for name in entry["columns"])
    layout = "array" if path.suffix == ".json" else "newline_delimited"
    try:
        connection.execute(
            f"create temp table content as from read_json({literal(str(path))}, "
            f"format = '{layout}', columns = {{{columns}}})"
        )
    except duckdb.Error as error:
        reason = one_line(error).replace(f"{path.parent}/", "")
        raise PlacetypesError(
            f"{path.name} can't be read as JSON ({reason}); undo what was last edited "
            "by hand."
        ) from error


def open_geometry(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Make a geometry file's attributes readable as `content`; check its geometry."""
    import pyogrio
    import pyogrio.errors
    import pyogrio.raw

    try:
        layers = pyogrio.list_layers(path)
        layer = choose_layer(path, layers, entry, parameters)
        meta, table = pyogrio.raw.read_arrow(path, layer=layer)
    except (pyogrio.errors.DataSourceError, ValueError, OSError, RuntimeError) as error:
        raise PlacetypesError(
            f"{path.name} can't be read as a geometry file ({one_line(error)}); "
            "check that the download is whole."
        ) from error
    if not table.num_rows:
        raise PlacetypesError(f"{path.name} has no rows.")
    if not meta["crs"]:
        raise PlacetypesError(
            f"{path.name}: layer {layer} names no coordinate system (CRS); set it in "
            "QGIS (Layer, Set CRS, then export) so that areas land where they belong."
        )
    geometry = meta["geometry_name"] or "wkb_geometry"
    check_geometry(path, table, geometry, expected_columns(entry, parameters))
    attributes = table.drop_columns([geometry])
    connection.register("attributes", attributes)
    connection.execute("create temp table content as from attributes")
    details: dict[str, Any] = {
        "layer": layer,
        # ST_Read calls the geometry of a format that doesn't name it `geom`.
        "geometry": meta["geometry_name"] or "geom",
        "crs": meta["crs"],
        "messages": [],
    }
    if path.suffix.lower() in (".geojson", ".json") and not names_crs(path):
        details["messages"].append(
            f"{path.name} names no coordinate system: read as longitude and latitude "
            "(EPSG:4326), as GeoJSON's standard has it."
        )
    return details


def names_crs(path: Path) -> bool:
    """Tell whether a GeoJSON file has a `crs` member, which stands near an end."""
    with path.open("rb") as opened:
        start = opened.read(4096)
        opened.seek(max(0, path.stat().st_size - 1024))
        return b'"crs"' in start or b'"crs"' in opened.read()


def choose_layer(
    path: Path, layers: Any, entry: dict[str, Any], parameters: dict[str, Any]
) -> str:
    """Return the one spatial layer, or the one that has the expected columns."""
    import pyogrio

    spatial = [name for name, geometry_type in layers if geometry_type is not None]
    if not spatial:
        raise PlacetypesError(f"{path.name} holds no layer with geometry.")
    if len(spatial) == 1:
        return spatial[0]
    expected = {name.lower() for name in expected_columns(entry, parameters)}
    fitting = [
        name
        for name in spatial
        if expected
        <= {field.lower() for field in pyogrio.read_info(path, layer=name)["fields"]}
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise PlacetypesError(
        f"{path.name} holds {len(spatial)} layers ({listed(spatial)}) and "
        f"{len(fitting) or 'none'} of them has {', '.join(sorted(expected))}; "
        "export the one to use into a file of its own."
    )


def check_geometry(
    path: Path, table: Any, geometry: str, columns: dict[str, str]
) -> None:
    """Refuse geometry that isn't polygons; empty ones are left to SQL to report."""
    import shapely

    shapes = shapely.from_wkb(table[geometry].to_numpy(zero_copy_only=False), "ignore")
    types = shapely.get_type_id(shapes)
    polygons = {-1, 3, 6, 7}  # none, polygon, multipolygon, collection
    wrong = [row for row, kind in enumerate(types) if int(kind) not in polygons]
    if wrong:
        key = next((name for name in columns if name in table.column_names), None)
        area = table[key][wrong[0]].as_py() if key else f"row {wrong[0] + 1}"
        raise PlacetypesError(
            f"{path.name}: {area} is a {shapes[wrong[0]].geom_type}, not a polygon "
            f"({len(wrong):,} such rows); use a file of area boundaries."
        )


def check_columns(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
    details: dict[str, Any],
) -> None:
    """Check that the columns are there and hold what they should."""
    columns = {
        row[0]: row[1] for row in connection.execute("describe content").fetchall()
    }
    by_lower = {name.lower(): name for name in columns}
    expected = expected_columns(entry, parameters)
    for name in expected:
        if name.lower() not in by_lower:
            raise PlacetypesError(
                f"{path.name} has no column {name}.{nearest(name, columns)}"
            )
    rows = connection.execute("select count(*) from content").fetchone()
    if rows == (0,) and not entry.get("may_be_empty"):
        raise PlacetypesError(f"{path.name} has no rows.")
    kinds = {by_lower[name.lower()]: kind for name, kind in expected.items()}
    pattern = from_parameter(entry.get("other_columns"), parameters)
    if isinstance(pattern, str):
        others = [name for name in columns if name not in kinds]
        if not others:
            raise PlacetypesError(
                f"{path.name} holds nothing but {', '.join(kinds)}: "
                "one column per variable is expected."
            )
        kinds |= dict.fromkeys(others, pattern)
    key = by_lower.get(str(from_parameter(entry.get("key"), parameters)).lower())
    codes = [name for name, kind in kinds.items() if kind == "code"]
    check_codes(connection, path, codes)
    if key:
        check_unique(connection, path, key)
    numbers = [
        (name, columns[name], kind)
        for name, kind in kinds.items()
        if kind in ("number", "non_negative")
    ]
    check_numbers(connection, path, key or codes[0], numbers, parameters)


def check_codes(
    connection: duckdb.DuckDBPyConnection, path: Path, codes: list[str]
) -> None:
    """Refuse codes that are missing or carry blanks, which would join to nothing."""
    for column in codes:
        name = quoted(column)
        row = connection.execute(
            f"""
            select count(*), any_value({name}::varchar)
            from content
            where {name} is null
            or {name}::varchar = ''
            or regexp_matches({name}::varchar, '^[\\s\\x{{00A0}}\\x{{FEFF}}]')
            or regexp_matches({name}::varchar, '[\\s\\x{{00A0}}\\x{{FEFF}}]$')
            """
        ).fetchone()
        if row[0] and not (row[1] or "").strip("\ufeff"):
            raise PlacetypesError(
                f"{path.name}: column {column} has no code in {row[0]:,} rows; "
                "give each row its code or delete it."
            )
        if row[0]:
            raise PlacetypesError(
                f"{path.name}: column {column} holds {row[1]!r}, a code with blanks "
                f"around it ({row[0]:,} such rows); remove the blanks."
            )


def check_unique(connection: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    """Refuse a key that comes twice."""
    name = quoted(key)
    doubles = connection.execute(
        f"""
        select {name}, count(*) from content group by all having count(*) > 1
        order by all
        """
    ).fetchall()
    if doubles:
        raise PlacetypesError(
            f"{path.name}: {key} {doubles[0][0]} stands in {doubles[0][1]} rows "
            f"({len(doubles):,} such codes in all); leave one row for each."
        )


def find_bad(
    connection: duckdb.DuckDBPyConnection,
    numbers: list[tuple[str, str, str]],
    parameters: dict[str, Any],
) -> list[tuple[str, str, str]]:
    """Return the columns, of these names, types and kinds, that hold a bad value.

    To count what is in order takes a quarter of the time of saying what is not.
    """
    if not numbers:
        return []
    counts = ", ".join(
        f"count(case when {is_fine(*column, parameters)} then 1 end) = count(*)"
        for column in numbers
    )
    row = connection.execute(f"select {counts} from content").fetchone()
    return [column for column, fine in zip(numbers, row, strict=True) if not fine]


def is_fine(name: str, stored_type: str, kind: str, parameters: dict[str, Any]) -> str:
    """Return the SQL condition that a value is in order, false or NULL where not."""
    least = 0 if kind == "non_negative" else -LARGEST
    number = number_of(name, stored_type)
    # A Parquet file can promise bounds that its NaNs do not keep.
    within = f"isfinite({number}) and {number} between {least} and {LARGEST:.0e}"
    if parameters.get("missing_values") == "leave_out":
        return f"{within} or {is_empty(name, stored_type)}"
    return within


def number_of(name: str, stored_type: str) -> str:
    """Return the SQL expression for a value as a number."""
    cast = "try_cast" if stored_type == "VARCHAR" else "cast"
    return f"{cast}({quoted(name)} as double)"


def is_empty(name: str, stored_type: str) -> str:
    """Return the SQL condition that there is no value."""
    column = quoted(name)
    if stored_type == "VARCHAR":
        return f"{column} is null or trim({column}) = ''"
    return f"{column} is null"


def check_numbers(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    key: str,
    numbers: list[tuple[str, str, str]],
    parameters: dict[str, Any],
) -> None:
    """Refuse what isn't a finite number, or is negative where it can't be.

    `numbers` are columns' names, types and kinds.
    """
    bad = find_bad(connection, numbers, parameters)
    if not bad:
        return
    area, problem, rows = connection.execute(
        f"""
        select {quoted(key)}, {problem_of(*bad[0], parameters)} as problem,
            count(*) over ()
        from content where problem is not null order by 1 limit 1
        """
    ).fetchone()
    raise PlacetypesError(
        f"{path.name}: column {bad[0][0]} {problem} for {key} {area}"
        + (f", and {rows - 1:,} more rows like it" if rows > 1 else "")
        + (f"; {len(bad) - 1} more columns have such values" if len(bad) > 1 else "")
        + f". {remedy(problem)}"
    )


def problem_of(
    name: str, stored_type: str, kind: str, parameters: dict[str, Any]
) -> str:
    """Return the SQL expression that says what is wrong with a value, or NULL."""
    column = quoted(name)
    is_text = stored_type == "VARCHAR"
    number = number_of(name, stored_type)
    missing = (
        "null"
        if parameters.get("missing_values") == "leave_out"
        else "'has no value (empty, null or NaN)'"
    )
    text = f"'holds the text ' || left(to_json({column}::varchar), 40)"
    return f"""
        case
            when {is_empty(name, stored_type)} then {missing}
            {f"when {number} is null then {text}" if is_text else ""}
            when isnan({number}) then 'holds a NaN (not a number)'
            when isinf({number}) then 'holds an infinity'
            when abs({number}) > {LARGEST:.0e}
                then 'holds the impossible value ' || {column}
            {
        "when " + number + " < 0 then 'holds the negative value ' || " + column
        if kind == "non_negative"
        else ""
    }
        end"""


def remedy(problem: str) -> str:
    """Return what to do about a bad value."""
    if problem.startswith("has no value"):
        return (
            "Fill it in, or leave such areas out by name with "
            "--set missing_values=leave_out."
        )
    return "Correct the file and run again."


def quoted(name: str) -> str:
    """Quote a column's name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def one_line(error: BaseException) -> str:
    """Return an exception's first line."""
    return str(error).split("\n")[0].strip()
