"""Tables: Parquet, CSV and JSON records, made readable as `content`.

A CSV file is read twice: by Python's csv, which is strict and knows lines, and by
DuckDB, which is fast and guesses. What they don't agree on is refused.
"""

import csv
from pathlib import Path
from typing import Any

import duckdb

from placetypes.database import literal, quoted
from placetypes.errors import csv_reason, one_line
from placetypes.inputs.rules import refusal

SEPARATORS = {";": "semicolons", "\t": "tabs"}
LOOK_AHEAD = 30  # lines in which the names of the columns may stand
csv.field_size_limit(2**24)


def open_table(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    expected: list[str],
    *,
    strict: bool = True,
) -> None:
    """Make a Parquet or CSV file readable as `content`.

    Files that are edited by hand may mix line ends, which only a reading that isn't
    `strict` accepts.
    """
    if path.suffix.lower() == ".parquet":
        open_parquet(connection, path)
    else:
        open_csv(connection, path, expected, strict=strict)


def open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make a Parquet file readable as `content`; hold its rows against its footer."""
    place = literal(str(path))
    try:
        schema = connection.execute(
            f"select name, coalesce(num_children, 0) from parquet_schema({place})"
        ).fetchall()
        names = outer_names(schema)
        refuse_alike(path, names)
        connection.execute(
            "create temp view content as from "
            f"read_parquet({place}, hive_partitioning = false)"
        )
        stated, rows = connection.execute(
            f"select (select sum(num_rows) from parquet_file_metadata({place})), "
            f"count(hash({quoted(names[0])})) from content"
        ).fetchone()
    except duckdb.Error as error:
        reason = one_line(error).replace(f"{path.parent}/", "")
        raise refusal("parquet_unreadable", file=path.name, reason=reason) from error
    if stated != rows:
        raise refusal("other_table_count", file=path.name, stated=stated, rows=rows)


def outer_names(schema: list[tuple[str, int]]) -> list[str]:
    """Return a Parquet file's columns; of a list or structure, its own name only.

    `schema` has each node with its number of children, from the root downwards.
    """
    names, inner = [], 0
    for name, children in schema[1:]:
        if inner == 0:
            names.append(name)
        inner = max(inner - 1, 0) + children
    return names


def open_csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    expected: list[str],
    *,
    strict: bool,
) -> None:
    """Make a CSV file readable as `content`, every value as text."""
    stated = read_strictly(path, expected)
    try:
        connection.execute(
            f"create temp table content as from read_csv({literal(str(path))}, "
            "delim = ',', quote = '\"', escape = '\"', header = true, "
            "all_varchar = true, "
            f"hive_partitioning = false, strict_mode = {bool(strict)})"
        )
        rows = connection.execute("select count(*) from content").fetchone()[0]
    except duckdb.Error as error:
        reason = csv_reason(error).replace(f"{path.parent}/", "")
        raise refusal("csv_unreadable", file=path.name, reason=reason) from error
    if rows != stated:
        raise refusal("other_table_count", file=path.name, stated=stated, rows=rows)


def read_strictly(path: Path, expected: list[str]) -> int:
    """Return a CSV file's number of rows; refuse the first line that is out of order.

    A value of one column can't be told from an empty line, which doesn't count.
    """
    text = decoded(path)
    head = text.split("\n", 1)[0]
    for mark, name in SEPARATORS.items():
        if mark in head and "," not in head:
            raise refusal("csv_separator", file=path.name, separator=name)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    start = 1
    rows = 0
    header: list[str] = []
    try:
        for row in reader:
            if not header:
                header = row
                find_title_rows(path, text, header, expected)
                refuse_alike(path, header)
            elif row and len(row) != len(header):
                raise refusal(
                    "csv_ragged",
                    file=path.name,
                    line=start,
                    found=len(row),
                    expected=len(header),
                    text=",".join(row)[:40],
                )
            else:
                rows += bool(row)
            start = reader.line_num + 1
    except csv.Error as error:
        reason = f"the quote that opens here is never closed ({error})"
        if "unexpected end" not in str(error):
            reason = str(error)
        raise refusal("csv_quote", file=path.name, line=start, reason=reason) from error
    return rows


def decoded(path: Path) -> str:
    """Return a file's text; anything but UTF-8 is refused by line."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refusal("csv_encoding", file=path.name, line=1, reason="it is UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {data[error.start]:#04x} is not UTF-8"
        raise refusal(
            "csv_encoding", file=path.name, line=line, reason=reason
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal(
            "csv_encoding", file=path.name, line=line, reason="it holds a zero byte"
        )
    return text


def find_title_rows(
    path: Path, text: str, header: list[str], expected: list[str]
) -> None:
    """Refuse a file whose columns' names stand in a later line."""
    wanted = {name.lower() for name in expected}
    if not wanted or wanted & {name.strip().lower() for name in header}:
        return
    for number, line in enumerate(text.splitlines()[1:LOOK_AHEAD], start=2):
        found = {cell.strip().strip('"').lower() for cell in line.split(",")}
        if wanted <= found:
            raise refusal("csv_title", file=path.name, columns=expected, line=number)


def refuse_alike(path: Path, names: list[str]) -> None:
    """Refuse columns of one name but for case: SQL would rename one in silence."""
    seen: dict[str, str] = {}
    for name in names:
        if name.lower() in seen and name:
            raise refusal(
                "columns_alike",
                file=path.name,
                first=seen[name.lower()],
                second=name,
            )
        seen[name.lower()] = name


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
        raise refusal("json_unreadable", file=path.name, reason=reason) from error
