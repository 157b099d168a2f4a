"""A workbook for Excel and LibreOffice, made of finished tables as job.yml says.

An export whose name ends in .xlsx has `sheets`, in their order. Each has a name, and

- `table`: one of the job's tables, or another's with its schema; else the export's own
- `where`, `without`, `rename`: as for other exports; `columns`: these, in this order
- `order`: columns to sort by
- `spread`: `{column: cluster, value: index_score, names: cluster_names}` makes a column
  of each value of `cluster`, headed by it and by its name in the table `names`
- `colours: index`: colours the spread columns as index scores, 100 being the average
- `formats`: a column's number format, where two decimals or whole numbers don't suit
- `definitions`: what is said of a further column, which defines each row's variable
- `widths`: a column's width in characters, where that of its texts doesn't suit

A table that isn't there, as optional ones may not be, has no sheet. Every workbook ends
with two sheets more: what its columns mean, and how it was made. Its bytes depend on
the tables alone: no time and no folder stands in it.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from placetypes.colours import INDEX_STEPS
from placetypes.database import (
    Sql,
    is_geometry,
    literal,
    quoted,
    quoted_table,
    table_columns,
)
from placetypes.exports.documented import (
    definitions,
    meaning_of,
    read_parameters,
    read_software,
    read_sources,
)
from placetypes.runner.project import Project

if TYPE_CHECKING:
    import duckdb
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    Connection = duckdb.DuckDBPyConnection
    Cells = Iterator[tuple[Any, ...]]

MOST_ROWS = 1_048_575  # of a sheet, beneath its header
MOST_LETTERS = 32_767  # of a cell
NARROWEST, WIDEST = 9, 60  # characters
LINE_HEIGHT, MOST_LINES = 15, 27  # points; a row may have 409 of them
LOOKED_AT = 200  # rows whose texts say how wide a column is
WHOLE, DECIMALS = "#,##0", "0.00"
INTEGER_TYPES, NUMBER_TYPES = ("INT", "INTEGER"), ("DOUBLE", "FLOAT", "DECIMAL")
SAME_TIME = datetime(2000, 1, 1)  # in place of the time of writing


class Sheet(NamedTuple):
    """What a sheet shows: its rows, the kind of each column, and its look."""

    name: str
    columns: dict[str, str]  # DuckDB's types by title
    rows: "Cells"
    count: int
    look: dict[str, Any]


def write_workbook(
    connection: "Connection", project: Project, job: str, target: Path, file: str
) -> None:
    """Write one job's workbook, the export `file`, to the target."""
    import xlsxwriter

    entry = project.jobs[job].exports[file]
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": project.jobs[job].title, "created": SAME_TIME})
        shown: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
        for name, said in entry["sheets"].items():
            look = {"table": entry["table"], **(said or {})}
            table = look["table"] if "." in look["table"] else f"{job}.{look['table']}"
            if not table_columns(connection, table):
                continue  # an optional table that no run has made
            sheet = read_sheet(connection, job, table, name, look)
            value = look.get("spread", {}).get("value")
            known = {c: c for c in table_columns(connection, table)}
            known |= {new: old for old, new in look.get("rename", {}).items()}
            if "definitions" in look:
                sheet = with_definitions(sheet, project.root)
            shown[name] = (look, {c: known.get(c, value) for c in sheet.columns})
            write_sheet(book, sheet)
        write_sheet(book, meanings(project, job, shown))
        write_sheet(book, making(connection, project, job))


def read_sheet(
    connection: "Connection", job: str, table: str, name: str, look: dict[str, Any]
) -> Sheet:
    """Return a sheet's rows as a cursor that reads them while they are written."""
    query = (
        spread(connection, job, table, look)
        if "spread" in look
        else chosen(connection, job, table, look)
    )
    cursor = connection.cursor()
    count = cursor.execute(f"select count(*) from ({query})").fetchone()[0]
    kinds = cursor.execute(f"describe ({query})").fetchall()
    cursor.execute(query)

    def rows() -> "Cells":
        while some := cursor.fetchmany(10_000):
            yield from some

    return Sheet(name, {row[0]: row[1] for row in kinds}, rows(), count, look)


def with_definitions(sheet: Sheet, root: Path) -> Sheet:
    """Return a sheet whose rows end with the definition of their variable."""
    known = definitions(root)
    rows = ((*row, known.get((row[0], row[1]))) for row in sheet.rows)
    return sheet._replace(columns={**sheet.columns, "definition": "VARCHAR"}, rows=rows)


def chosen(connection: "Connection", job: str, table: str, look: dict[str, Any]) -> Sql:
    """Return the query of a sheet that shows a table's columns as they are."""
    columns = table_columns(connection, table)
    names = [
        name
        for name in look.get("columns", columns)
        if name in columns
        and name not in look.get("without", [])
        and not is_geometry(columns[name])
    ]
    renamed = look.get("rename", {})
    titles = [f"{quoted(name)} as {quoted(renamed.get(name, name))}" for name in names]
    return Sql(f"select {', '.join(titles)} {rows_of(table, look)}")


def rows_of(table: str, look: dict[str, Any]) -> Sql:
    """Return where a sheet's rows come from, and their order."""
    where = f" where {look['where']}" if "where" in look else ""
    by = ", ".join(map(quoted, look.get("order", [])))
    return Sql(f"from {quoted_table(table)}{where}" + (f" order by {by}" if by else ""))


def spread(connection: "Connection", job: str, table: str, look: dict[str, Any]) -> Sql:
    """Return the query of a sheet with a column for each value of one column."""
    over = {key: quoted(look["spread"][key]) for key in ("column", "value")}
    source = rows_of(table, {key: look[key] for key in ("where",) if key in look})
    values = connection.execute(
        f"select distinct {over['column']} as value {source} order by len(value), value"
    ).fetchall()
    names = names_of(connection, job, look["spread"].get("names", ""))
    kept = ", ".join(map(quoted, look["columns"]))
    wide = [
        f"any_value({over['value']}) filter ({over['column']} = {literal(value)}) as "
        f"{quoted(' '.join(filter(None, [value, names.get(value)])))}"
        for (value,) in values
    ]
    return Sql(
        f"select {', '.join([kept, *wide])} {source} group by {kept} order by {kept}"
    )


def names_of(connection: "Connection", job: str, table: str) -> dict[str, str]:
    """Return the names of clusters from a table with columns cluster and name."""
    if not table_columns(connection, f"{job}.{table}"):
        return {}
    rows = connection.execute(
        f"select cluster, name from {quoted_table(f'{job}.{table}')}"
    )
    return dict(rows.fetchall())


def meanings(
    project: Project,
    job: str,
    shown: dict[str, tuple[dict[str, Any], dict[str, str]]],
) -> Sheet:
    """Return the sheet that says what each sheet's columns mean, from tables.yml.

    `shown` has, for each sheet, its look and which of its table's columns each title
    shows; a title that is none of these is the column of definitions.
    """
    tables = project.jobs[job].tables
    rows = [
        (sheet, title, table, meaning_of(tables, table, column) or further)
        for sheet, (look, columns) in shown.items()
        for table, further in [(look["table"], look.get("definitions", ""))]
        for title, column in columns.items()
    ]
    columns = dict.fromkeys(("sheet", "column", "table", "meaning"), "VARCHAR")
    return Sheet("Columns", columns, iter(rows), len(rows), {})


def making(connection: "Connection", project: Project, job: str) -> Sheet:
    """Return the sheet that says what the tables were made from: files, parameters."""
    rows: list[tuple[str, ...]] = []
    for source in read_sources(connection, project.jobs[job]):
        rows.append(("file", source.name, source.file, "", source.meaning))
        digest = ("sha256", source.name, source.sha256, "")
        rows.append((*digest, f"Of the content of {source.file}"))
    for name, value in read_parameters(connection, project, project.jobs[job]).items():
        known = project.specifications[f"{job}.{name}"]
        values = (
            json.dumps(each, ensure_ascii=False) for each in (value, known.default)
        )
        rows.append(("parameter", known.full_name, *values, known.meaning))
    versions, _ = read_software(connection)
    rows += [("software", name, text, "", "") for name, text in versions.items()]
    columns = dict.fromkeys(("kind", "name", "value", "default", "meaning"), "VARCHAR")
    return Sheet("How it was made", columns, iter(rows), len(rows), {})


def write_sheet(book: "Workbook", sheet: Sheet) -> None:
    """Write a sheet: header frozen, filter, widths, and each cell as what it is."""
    page = book.add_worksheet(sheet.name)
    if sheet.count > MOST_ROWS:
        page.write_string(
            0,
            0,
            f"{sheet.count:,} rows are more than a sheet holds; they stand in "
            f"{sheet.look['table']} of the database.",
        )
        return
    first = list(islice(sheet.rows, LOOKED_AT))
    widths = widths_of(sheet, first)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    write_row(
        page,
        0,
        sheet.columns,
        [partial(write_text, page, look=head)] * len(widths),
        widths,
    )
    writers = [
        writer_of(book, page, sheet, *column) for column in sheet.columns.items()
    ]
    for line, row in enumerate(chain(first, sheet.rows), 1):
        write_row(page, line, row, writers, widths)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, sheet.count, len(widths) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # on paper as wide as a page, the header on each
    page.repeat_rows(0)
    if sheet.look.get("colours") == "index":
        colour_index_scores(page, sheet)


def write_row(
    page: "Worksheet",
    line: int,
    row: Iterable[Any],
    writers: list[Callable[..., Any]],
    widths: list[float],
) -> None:
    """Write a row, as high as its longest text asks for; an empty cell has nothing."""
    cells = list(row)
    lines = max(
        (
            len(cell) // (width - 1) + 1
            for cell, width in zip(cells, widths, strict=True)
            if isinstance(cell, str) and len(cell) >= width
        ),
        default=1,
    )
    if lines > 1:
        page.set_row(line, LINE_HEIGHT * min(lines, MOST_LINES))
    for place, cell in enumerate(cells):
        if cell is not None:
            writers[place](line, place, cell)


def widths_of(sheet: Sheet, rows: list[tuple[Any, ...]]) -> list[float]:
    """Return each column's width: that of its texts, within bounds, or what is said."""
    widths = []
    for place, title in enumerate(sheet.columns):
        word = max(map(len, title.split())) + 4  # the filter's arrow beside it
        texts = [len(row[place]) + 2 for row in rows if isinstance(row[place], str)]
        usual = min(max([*texts, word, NARROWEST]), WIDEST)
        widths.append(sheet.look.get("widths", {}).get(title, usual))
    return widths


def writer_of(
    book: "Workbook", page: "Worksheet", sheet: Sheet, title: str, kind: str
) -> Callable[..., Any]:
    """Return what writes a column's cells: texts never as formulas or numbers."""
    top = {"valign": "top"}
    if kind == "BOOLEAN":
        return partial(page.write_boolean, cell_format=book.add_format(top))
    is_whole = kind.endswith(INTEGER_TYPES)
    if is_whole or kind.startswith(NUMBER_TYPES):
        usual = WHOLE if is_whole else DECIMALS
        said = sheet.look.get("formats", {}).get(title, usual)
        look = book.add_format({"num_format": said, **top})
        return partial(write_number, page, look=look)
    return partial(write_text, page, look=book.add_format({"text_wrap": True, **top}))


def write_number(
    page: "Worksheet", line: int, place: int, cell: Any, look: "Format"
) -> None:
    """Write a number; what is none to Excel (NaN, infinite) stays empty."""
    if math.isfinite(cell):
        page.write_number(line, place, float(cell), look)


def write_text(
    page: "Worksheet", line: int, place: int, cell: Any, look: "Format"
) -> None:
    """Write a text, or what isn't one as it prints, cut where a cell can't hold it."""
    text = cell if isinstance(cell, str) else as_text(cell)
    if len(text) > MOST_LETTERS:
        text = f"{text[: MOST_LETTERS - 1]}…"
    page.write_string(line, place, text, look)


def as_text(cell: Any) -> str:
    """Return a list's items with commas between, anything else as it prints."""
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


def colour_index_scores(page: "Worksheet", sheet: Sheet) -> None:
    """Colour the spread columns from 0 over 100, the average, to 200."""
    first, last = len(sheet.look["columns"]), len(sheet.columns) - 1
    scale = {"type": "3_color_scale"}
    for end, (value, step) in {"min": (0, 1), "mid": (100, 3), "max": (200, 5)}.items():
        scale |= {
            f"{end}_type": "num",
            f"{end}_value": value,
            f"{end}_color": INDEX_STEPS[step],
        }
    page.conditional_format(1, first, max(sheet.count, 1), last, scale)
