"""Names in a spreadsheet: written for colleagues, and read back from Excel or CSV."""

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

from placetypes.errors import PlacetypesError, nearest, refuse_folder
from placetypes.names.state import Cluster, State

COLUMNS = ("code", "name", "portrait", "note", "accepted")
WIDTHS = (8, 30, 90, 40, 10)
ENDINGS = (".xlsx", ".csv")
YES, NO = ("yes", "y", "true", "1", "x", "accepted"), ("no", "n", "false", "0", "")
FORMULA = ("=", "+", "-", "@")  # what Excel takes for a formula in a CSV


class Row(NamedTuple):
    """One cluster's line of a sheet; an empty cell is an empty text."""

    code: str
    name: str
    portrait: str
    note: str
    accepted: bool


def is_sheet(path: Path) -> bool:
    """Tell whether a file is a spreadsheet by its ending."""
    return path.suffix.lower() in ENDINGS


def rows_of(state: State) -> list[Row]:
    """Return the clusters as lines, the proposed names among them."""
    return [row_of(entry) for entry in state.clusters.values()]


def row_of(cluster: Cluster) -> Row:
    """Return one cluster as a line."""
    return Row(
        cluster.cluster,
        cluster.proposed_name or cluster.name,
        cluster.proposed_portrait or cluster.portrait,
        cluster.note or "",
        cluster.status == "approved",
    )


def write_sheet(path: Path, rows: list[Row]) -> None:
    """Write lines as .xlsx or .csv. Raises PlacetypesError for another ending."""
    if not is_sheet(path):
        raise PlacetypesError(
            f"{path.name}: names are exported as .xlsx or .csv; write one of these."
        )
    refuse_folder(path)
    cells = [[*row[:-1], "yes" if row.accepted else "no"] for row in rows]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
        write(path, cells)
    except OSError as error:
        raise PlacetypesError(
            f"{path} can't be written ({error}); close it where it is open."
        ) from error


def write_xlsx(path: Path, cells: list[list[str]]) -> None:
    """Write a workbook of one sheet; every cell is text, none a formula."""
    import xlsxwriter

    opened = path.open("wb")  # which raises OSError, unlike the library
    book = xlsxwriter.Workbook(opened, {"strings_to_formulas": False})
    sheet = book.add_worksheet("names")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    for place, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, bold)
    for line, row in enumerate(cells, 1):
        for place, text in enumerate(row):
            sheet.write_string(line, place, text, wrapped)
    sheet.data_validation(
        1, 4, max(len(cells), 1), 4, {"validate": "list", "source": ["yes", "no"]}
    )
    sheet.freeze_panes(1, 1)
    book.close()
    opened.close()


def write_csv(path: Path, cells: list[list[str]]) -> None:
    """Write a CSV that Excel takes for UTF-8 and in which nothing is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows([unformulaic(text) for text in row] for row in cells)


def unformulaic(text: str) -> str:
    """Put an apostrophe before what Excel would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def read_sheet(path: Path, state: State) -> list[Row]:
    """Read lines from .xlsx or .csv.

    Raises PlacetypesError, with the line, for whatever can't be right.
    """
    refuse_folder(path)
    table = read_xlsx(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
    titles = [text.strip().lower() for text in (table[0] if table else [])]
    missing = [name for name in COLUMNS[:2] if name not in titles]
    if missing:
        raise PlacetypesError(
            f"{path.name} has no column {missing[0]}; names are read from columns "
            f"{', '.join(COLUMNS)}, as `names export` writes them."
        )
    rows: dict[str, Row] = {}
    for line, cells in enumerate(table[1:], 2):
        entry = dict(zip(titles, cells, strict=False))
        if not any(entry.values()):
            continue
        row = read_row(entry, f"{path.name}, line {line}", state)
        if row.code in rows:
            raise PlacetypesError(
                f"{path.name}, line {line}: cluster {row.code} stands there twice; "
                "keep one of both lines."
            )
        rows[row.code] = row
    return list(rows.values())


def read_row(entry: dict[str, str], where: str, state: State) -> Row:
    """Read one line; a column that isn't there leaves what was there before."""
    code = entry["code"]
    if code not in state.clusters:
        raise PlacetypesError(
            f"{where}: there is no cluster {code}.{nearest(code, state.clusters)}"
        )
    former = row_of(state.clusters[code])
    accepted = entry.get("accepted")
    if accepted is not None and accepted.lower() not in (*YES, *NO):
        raise PlacetypesError(f"{where}: accepted is “{accepted}”; write yes or no.")
    return Row(
        code,
        entry["name"],
        entry.get("portrait", former.portrait),
        entry.get("note", former.note),
        former.accepted if accepted is None else accepted.lower() in YES,
    )


def read_xlsx(path: Path) -> list[list[str]]:
    """Read the first sheet of a workbook as texts."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise PlacetypesError(
            f"{path} can't be read as a workbook ({error}); save it again as .xlsx or "
            "as CSV."
        ) from error
    return [[as_text(cell) for cell in row] for row in rows]


def as_text(cell: Any) -> str:
    """Return a cell as a text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell).strip()


def read_csv(path: Path) -> list[list[str]]:
    """Read a CSV as Excel saves it: commas, semicolons or tabs, UTF-8 or Windows."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PlacetypesError(f"{path} can't be read ({error}).") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[formulaic(cell.strip()) for cell in row] for row in rows]


def formulaic(text: str) -> str:
    """Take away the apostrophe that `unformulaic` put there."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def changed(rows: list[Row], state: State) -> list[Row]:
    """Return the lines that say something new."""
    return [row for row in rows if row != row_of(state.clusters[row.code])]
