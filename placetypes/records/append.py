"""Classes for a user's own file: the same file, in its format and order, with columns.

The file is read and written on this machine and goes nowhere else.
"""

import codecs
import csv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from models_py.readers.files import EXCEL, find_column, open_file
from placetypes.database import Sql, literal, quoted
from placetypes.errors import PlacetypesError, refuse_folder

if TYPE_CHECKING:
    import pyarrow as pa

BARE = "upper(regexp_replace({column}, '[^A-Za-z0-9]', '', 'g'))"


class Appended(NamedTuple):
    """How many rows the file has and how many of them found a class."""

    rows: int
    matched: int


def append(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    target: Path,
    column: str,
    job: str,
    *,
    holds_areas: bool = False,
    sheet: str = "",
) -> Appended:
    """Write `source` to `target` with the classes of each row's area.

    `connection` is to a database in which `job` has published directory and
    area_classes.
    `column` holds postcodes, or area codes where `holds_areas` says so. Raises
    PlacetypesError for a column that isn't there or already has a class's name.
    """
    if source.suffix.lower() != target.suffix.lower():
        raise PlacetypesError(
            f"{source.name} keeps its format: give -o a name that ends in "
            f"{source.suffix}."
        )
    refuse_folder(target)
    if not target.parent.is_dir():
        raise PlacetypesError(
            f"There is no folder {target.parent} to write {target.name} into; make it."
        )
    opened = open_file(connection, source, sheet=sheet)
    key = find_column(opened.columns, column, source, "what places a row")
    added = class_columns_of(connection, job)
    taken = sorted({a.lower() for a in added} & {c.lower() for c in opened.columns})
    if taken:
        raise PlacetypesError(
            f"{source.name} already has a column {taken[0]}; rename it first."
        )
    connection.register("user_file", opened)
    query = joined_query(key, added, job, holds_areas=holds_areas)
    # What stood there before stays until the new file is whole.
    partial = target.with_name(f".partial_{target.name}")
    try:
        found = write(connection, source, partial, query, added, sheet)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return found


def write(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    target: Path,
    query: Sql,
    added: list[str],
    sheet: str,
) -> Appended:
    """Write the joined rows in the format of the source."""
    suffix = source.suffix.lower()
    if suffix == ".parquet":
        return write_parquet(connection, query, target, added[0])
    columns = ", ".join(map(quoted, added))
    cells = connection.sql(
        f"select {columns} from ({query}) order by row_in_file"
    ).to_arrow_table()
    if suffix in EXCEL:
        write_excel(source, target, cells, sheet)
    else:
        write_csv(connection, source, target, cells)
    return Appended(cells.num_rows, cells.num_rows - cells[added[0]].null_count)


def class_columns_of(connection: duckdb.DuckDBPyConnection, job: str) -> list[str]:
    """Return the columns that are added."""
    rows = connection.execute(f"describe {quoted(job)}.area_classes").fetchall()
    return [row[0] for row in rows if row[0] != "area"]


def joined_query(key: str, added: list[str], job: str, *, holds_areas: bool) -> Sql:
    """Return a SELECT of the user's rows by number with the columns to add."""
    column = f"numbered.{quoted(key)}::varchar"
    area = f"trim({column})" if holds_areas else "directory.area"
    join = (
        ""
        if holds_areas
        else f"left join {quoted(job)}.directory on directory.postcode = "
        + BARE.format(column=column)
    )
    return f"""
        with numbered as (select *, row_number() over () as row_in_file from user_file)
        select
            numbered.*,
            {", ".join(f"area_classes.{quoted(name)}" for name in added)}
        from numbered
        {join}
        left join {quoted(job)}.area_classes on area_classes.area = {area}
    """


def write_parquet(
    connection: duckdb.DuckDBPyConnection, query: Sql, target: Path, first: str
) -> Appended:
    """Write the joined rows as Parquet, in the file's order."""
    connection.execute(
        f"copy (select * exclude (row_in_file) from ({query}) order by row_in_file) "
        f"to {literal(str(target))} (format parquet)"
    )
    written = connection.read_parquet(str(target))
    return Appended(*written.aggregate(f"count(*), count({quoted(first)})").fetchone())


def write_excel(source: Path, target: Path, cells: "pa.Table", sheet: str) -> None:
    """Add columns to the right of the sheet; all else stays as it is."""
    import openpyxl

    book = openpyxl.load_workbook(source)
    page = book[sheet] if sheet else book.worksheets[0]
    right = page.max_column
    for offset, name in enumerate(cells.column_names, start=1):
        page.cell(1, right + offset, name)
        for row, value in enumerate(cells[name].to_pylist(), start=2):
            page.cell(row, right + offset, value)
    book.save(target)


def write_csv(
    connection: duckdb.DuckDBPyConnection, source: Path, target: Path, cells: "pa.Table"
) -> None:
    """Write each line as it was and the new cells behind it.

    Where a quoted cell holds a line break, lines aren't rows: then all is written anew.
    """
    delimiter, has_header = connection.execute(
        f"select Delimiter, HasHeader from sniff_csv({literal(str(source))})"
    ).fetchone()
    if not has_header:
        raise PlacetypesError(
            f"{source.name} has no row of names; give it one so that the new columns "
            "have theirs."
        )
    text = source.read_bytes()
    end = b"\r\n" if b"\r\n" in text[:100_000] else b"\n"
    lines = text.removesuffix(end).split(end)
    new = new_cells(connection, cells, delimiter)
    if len(lines) == len(new):
        pairs = zip(lines, new, strict=True)
        content = end.join([line + cell.encode() for line, cell in pairs])
        target.write_bytes(content + (end if text.endswith(end) else b""))
        return
    rewrite_csv(source, target, cells, delimiter, end.decode())


def rewrite_csv(
    source: Path, target: Path, cells: "pa.Table", delimiter: str, end: str
) -> None:
    """Write the rows of a CSV file anew, cell by cell, with the new cells."""
    columns = zip(*(column.to_pylist() for column in cells.columns), strict=True)
    with source.open("rb") as start:  # Excel knows UTF-8 by its mark only, so it stays
        is_marked = start.read(3) == codecs.BOM_UTF8
    encoding = "utf-8-sig" if is_marked else "utf-8"
    with (
        source.open(encoding="utf-8-sig", newline="") as read,
        target.open("w", encoding=encoding, newline="") as written,
    ):
        writer = csv.writer(written, delimiter=delimiter, lineterminator=end)
        old = (row for row in csv.reader(read, delimiter=delimiter) if row)
        rows = zip(old, [cells.column_names, *columns], strict=True)
        writer.writerows([*known, *added] for known, added in rows)


def new_cells(
    connection: duckdb.DuckDBPyConnection, cells: "pa.Table", delimiter: str
) -> list[str]:
    """Return what comes behind each line, the row of names first."""
    mark = literal(delimiter)

    def cell(text: Sql) -> Sql:
        quotes = f"""'"' || replace({text}, '"', '""') || '"'"""
        special = f"contains({text}, {mark}) or contains({text}, '\"')"
        return f"case when {special} then {quotes} else coalesce({text}, '') end"

    def line(texts: list[Sql], source: Sql) -> list[str]:
        parts = ", ".join(map(cell, texts))
        query = f"select {mark} || concat_ws({mark}, {parts}) as text {source}"
        return connection.sql(query).to_arrow_table()["text"].to_pylist()

    connection.register("new_cells", cells)
    names = line([literal(name) for name in cells.column_names], "")
    return names + line(
        [f"{quoted(n)}::varchar" for n in cells.column_names], "from new_cells"
    )
