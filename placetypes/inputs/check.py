"""What is checked of an input file: it opens, has its columns, they hold what they say.

Every check ends in a sentence with the file, the column, the area and the remedy.
"""

from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import literal, quoted
from placetypes.errors import PlacetypesError, nearest, one_line
from placetypes.inputs import geometry
from placetypes.inputs.find import expected_columns, from_parameter

LARGEST = 1e12  # no percentage, density or count of people comes near it


def check_file(
    database: duckdb.DuckDBPyConnection,
    path: Path,
    entry: dict[str, Any],
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Check a file against what its job says of it; return its details.

    What is read of it goes into temporary tables, which end with the check. Raises
    PlacetypesError with the file, the column, the area and the remedy.
    """
    if entry.get("many"):
        return {}  # a step reads and checks them: what each is, only its content tells
    if path.stat().st_size == 0 and not entry.get("optional"):
        raise PlacetypesError(f"{path.name} is empty (0 bytes); download it again.")
    if entry.get("read_by_step"):
        return {}  # it may have any format and columns: the step that reads it checks
    with database.cursor() as connection:  # temporary tables are a cursor's own
        if entry.get("in_output") and path.suffix in (".json", ".jsonl"):
            details = {}
            open_records(connection, path, entry)
        elif path.suffix.lower() in geometry.FORMATS:
            details = geometry.open_geometry(connection, path, entry, parameters)
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
    if rows == (0,) and not entry.get("optional"):
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
