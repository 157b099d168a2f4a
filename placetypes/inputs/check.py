"""What is checked of an input file: it opens, has its columns, they hold what they say.

Every check ends in a sentence with the file, the column, the area and the remedy; the
rules and their sentences stand in rules.yml.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import literal, quoted
from placetypes.errors import PlacetypesError, nearest
from placetypes.inputs import geometry
from placetypes.inputs.find import (
    InputFile,
    absent_folder,
    expected_columns,
    from_parameter,
    hash_file,
    is_absent,
    parameters_of_columns,
)
from placetypes.inputs.numbers import check_numbers, doubts, number_of, survey
from placetypes.inputs.rules import refusal
from placetypes.inputs.tables import open_records, open_table
from placetypes.parameters import parse_number

NUMBERS = ("number", "non_negative", "percentage", "count", "figure")
# The results' own columns, which no variable can be called.
TAKEN = ("area", "area_name")
NUMERIC = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "VARCHAR", "NULL")
KINDS = {
    "DATE": "dates",
    "TIMESTAMP": "dates",
    "TIME": "times",
    "BLOB": "bytes",
    "BOOL": "true and false",
    "GEOM": "geometry",
    "STRUCT": "structures",
    "MAP": "structures",
}
INVISIBLE = "[\\p{Cc}\\p{Cf}]"
NO_CODES = ("NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None")


def check_files(
    database: duckdb.DuckDBPyConnection,
    files: dict[str, InputFile],
    entries: dict[str, dict[str, Any]],
    parameters: dict[str, Any],
) -> dict[str, dict[str, Any]]:
    """Check files two at a time, the largest first; return the details of each.

    Geometry is read by other processes, for which the other files don't wait. Raises
    PlacetypesError for the first file, in their order, that breaks a rule.
    """
    by_size = sorted(files, key=lambda name: -files[name].path.stat().st_size)
    absent_folder()  # which two threads at once would each make
    with ThreadPoolExecutor(2) as pool:
        found = {
            name: pool.submit(
                check_file,
                database,
                files[name].path,
                entries[name],
                parameters,
                files[name].sha256,
            )
            for name in by_size
        }
        return {name: found[name].result() for name in files}


def check_file(
    database: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
    sha256: str = "",
) -> dict[str, Any]:
    """Check a file against what its job says of it; return its details.

    What is read of it goes into temporary tables, which end with the check. Raises
    PlacetypesError with the file, the column, the area and the remedy.
    """
    if entry.get("many"):
        return {}  # a step reads and checks them: what each is, only its content tells
    is_ours = entry.get("in_output") or is_absent(entry, path.name)
    if path.stat().st_size == 0 and not is_ours:
        raise refusal("file_empty", file=path.name)
    if entry.get("read_by_step"):
        return {}  # it may have any format and columns: the step that reads it checks
    refuse_named_twice(path, entry, parameters)
    with database.cursor() as connection:  # temporary tables are a cursor's own
        if entry.get("in_output") and path.suffix in (".json", ".jsonl"):
            details: dict[str, Any] = {}
            open_records(connection, path, entry)
        elif geometry.is_geometry_file(path, entry):
            details = geometry.open_geometry(
                connection, path, sha256 or hash_file(path), entry, parameters
            )
        else:
            details = {}
            open_table(
                connection,
                path,
                list(expected_columns(entry, parameters)),
                strict=entry.get("strict", True),
            )
        told = check_columns(connection, path, entry, parameters)
    if told:
        details["messages"] = [*details.get("messages", []), *told]
    return details


def refuse_named_twice(
    path: Path, entry: dict[str, Any], parameters: dict[str, Any]
) -> None:
    """Refuse a column of figures that two parameters name, or one of them twice."""
    named: dict[str, str] = {}
    for parameter, column, kind in parameters_of_columns(entry, parameters):
        if kind not in NUMBERS:
            continue
        if column.lower() in named:
            raise refusal(
                "column_twice",
                file=path.name,
                column=column,
                first=named[column.lower()],
                second=parameter,
            )
        named[column.lower()] = parameter


def check_columns(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> list[str]:
    """Check that the columns are there and hold what they should; return doubts."""
    columns = {
        row[0]: row[1] for row in connection.execute("describe content").fetchall()
    }
    kinds = column_kinds(path, columns, entry, parameters)
    rows = connection.execute("select count(*) from content").fetchone()
    if rows == (0,) and not entry.get("optional"):
        raise refusal("no_rows", file=path.name)
    key = str(from_parameter(entry.get("key"), parameters)).lower()
    key = next((name for name in columns if name.lower() == key), None)
    codes = [name for name, kind in kinds.items() if kind == "code"]
    for column in codes:
        check_code_type(connection, path, column, columns[column])
    check_codes(connection, path, codes)
    if key:
        check_unique(connection, path, key)
    numbers = [
        (name, columns[name], kind) for name, kind in kinds.items() if kind in NUMBERS
    ]
    for name, stored, _ in numbers:
        check_number_type(path, name, stored)
    empty_missing_codes(connection, numbers, parameters)
    found = survey(connection, numbers)
    check_numbers(connection, path, key or codes[0], found, parameters)
    return doubts(connection, path, key or codes[0], found)


def empty_missing_codes(
    connection: duckdb.DuckDBPyConnection,
    numbers: list[tuple[str, str, str]],
    parameters: dict[str, Any],
) -> None:
    """Let the checks take for empty what a user declares to stand for no value.

    Raises PlacetypesError where a declared code is no number.
    """
    codes = [parse_number(code) for code in parameters.get("missing_codes", [])]
    for code in codes:
        if isinstance(code, str):
            raise PlacetypesError(
                f"missing_codes: {code} is not a number, such as -999."
            )
    if not codes or not numbers:
        return
    listed = ", ".join(f"{literal(repr(float(code)))}::double" for code in codes)
    (kind,) = connection.execute(
        "select table_type from information_schema.tables where table_name = 'content'"
    ).fetchone()
    kept = ", ".join(
        f"if({number_of(name, stored)} in ({listed}), null, {quoted(name)}) "
        f"as {quoted(name)}"
        for name, stored, _ in numbers
    )
    connection.execute(
        f"alter {'view' if kind == 'VIEW' else 'table'} content rename to as_found"
    )
    connection.execute(
        f"create temp view content as select * replace ({kept}) from as_found"
    )


def column_kinds(
    path: Path,
    columns: dict[str, str],
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, str]:
    """Return the kind of each column that is used, by its name in the file."""
    by_lower = {name.lower(): name for name in columns}
    expected = expected_columns(entry, parameters)
    for name in expected:
        if name.lower() not in by_lower:
            refuse_missing(path, name, columns)
    kinds = {by_lower[name.lower()]: kind for name, kind in expected.items()}
    pattern = from_parameter(entry.get("other_columns"), parameters)
    if isinstance(pattern, str):
        others = [name for name in columns if name not in kinds]
        if not others:
            raise refusal("only_codes", file=path.name, columns=list(kinds))
        kinds |= dict.fromkeys(others, pattern)
    for name, kind in kinds.items():
        # Of figures, a job calls its own columns otherwise.
        if kind in NUMBERS and kind != "figure" and name.lower() in TAKEN:
            raise refusal("column_taken", file=path.name, column=name)
    return kinds


def refuse_missing(path: Path, name: str, columns: dict[str, str]) -> None:
    """Refuse a file that lacks a column; a name that nearly fits is shown."""
    for found in columns:
        bare = "".join(c for c in found if c.isprintable()).strip(" '\"\u00a0")
        if bare.lower() == name.lower():
            raise refusal(
                "column_nearly", file=path.name, column=name, found=ascii(found)
            )
    raise refusal(
        "column_missing", file=path.name, column=name, hint=nearest(name, columns)
    )


def check_number_type(path: Path, column: str, stored: str) -> None:
    """Refuse a column that can't hold numbers."""
    outer = stored.partition("(")[0]  # of MAP(VARCHAR, INTEGER): MAP
    if stored.endswith("]") or not any(part in outer for part in NUMERIC):
        raise refusal(
            "column_type", file=path.name, column=column, kind=in_words(stored)
        )


def in_words(stored: str) -> str:
    """Return what a column of a type holds."""
    if stored.endswith("]"):
        return "lists"
    found = (words for part, words in KINDS.items() if stored.startswith(part))
    return next(found, f"values of the type {stored}")


def check_code_type(
    connection: duckdb.DuckDBPyConnection, path: Path, column: str, stored: str
) -> None:
    """Refuse codes that are neither text nor whole numbers."""
    if stored in ("VARCHAR", "NULL", '"NULL"') or stored.endswith("INT"):
        return
    if stored in ("INTEGER", "UINTEGER") or stored.startswith("ENUM"):
        return
    value = connection.execute(
        f"select any_value({quoted(column)})::varchar from content"
    ).fetchone()[0]
    numeric = ("DOUBLE", "FLOAT", "DECIMAL")
    kind = "decimal numbers" if stored.startswith(numeric) else in_words(stored)
    raise refusal("code_type", file=path.name, column=column, kind=kind, value=value)


def check_codes(
    connection: duckdb.DuckDBPyConnection, path: Path, codes: list[str]
) -> None:
    """Refuse codes that are missing or carry what isn't seen: nothing joins them."""
    for column in codes:
        name = f"{quoted(column)}::varchar"
        words = ", ".join(f"'{word}'" for word in NO_CODES)
        missing, blank, invisible, nothing = connection.execute(
            f"""
            with codes as (select {name} as code from content)

            select
                count(*) filter (where coalesce(trim(code, ' \ufeff'), '') = ''),
                list(code) filter (
                    where regexp_matches(code, '^[\\s\\x{{00A0}}]|[\\s\\x{{00A0}}]$')
                ),
                list(code) filter (where regexp_matches(code, '{INVISIBLE}')),
                list(code) filter (where code in ({words}))
            from codes
            """
        ).fetchone()
        about = {"file": path.name, "column": column}
        if missing:
            raise refusal("code_missing", **about, rows=missing)
        for rule, found in (("code_blank", blank), ("code_invisible", invisible)):
            if found:
                value = ascii(found[0])
                raise refusal(rule, **about, value=value, rows=len(found))
        if nothing and len(nothing) > 1:
            rows = len(nothing)
            raise refusal("code_na", **about, value=nothing[0], rows=rows)


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
        raise refusal(
            "code_twice",
            file=path.name,
            column=key,
            value=str(doubles[0][0]),
            times=doubles[0][1],
            codes=len(doubles),
        )
