"""Files that people bring: CSV, Excel or Parquet with any columns, every value as text.

Their cells are data and their columns' names are quoted, so neither is ever run.
"""

import re
from itertools import pairwise
from pathlib import Path

import duckdb

from placetypes.database import Sql, literal, quoted
from placetypes.errors import csv_reason, listed, nearest, refuse_folder

EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
CLASS_NAMES = re.compile(
    r"(?!next_)(.*_)?(super_?group|sub_?group|group|cluster|class|level_?\d+)"
    r"(_?(code|cd))?",
    re.IGNORECASE,
)
HOW_SURE = ("fit", "margin", "stability", "probability")
NAME_OF = "_name"  # a class's name stands in the column of the same name with this end


def open_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    sheet: str = "",
    header: bool | None = None,
) -> duckdb.DuckDBPyRelation:
    """Open a file as rows of texts, whatever its format.

    Without a `header` the columns are called 1, 2, 3 …; None lets DuckDB find out.
    Raises ValueError for a file that can't be read, or an Excel file with several
    sheets of which none is named.
    """
    refuse_folder(path)
    suffix = path.suffix.lower()
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty (0 bytes).")
    if suffix in EXCEL:
        return open_excel(connection, path, sheet, header)
    name = literal(str(path))
    said = "" if header is None else f", header = {bool(header)}"
    source = (
        f"read_parquet({name}, hive_partitioning = false)"
        if suffix == ".parquet"
        else f"read_csv({name}, all_varchar = true, null_padding = true, "
        f"hive_partitioning = false{said})"
    )
    try:
        opened = connection.sql(f"select * from {source}")
        if header is False and suffix != ".parquet":
            return connection.sql(f"from {source} as t({numbered(opened.columns)})")
    except duckdb.Error as error:
        reason = csv_reason(error).replace(f"{path.parent}/", "")
        raise ValueError(
            f"{path.name} can't be read as {suffix[1:].upper()} ({reason}); save it as "
            "UTF-8 text with the same number of columns in each row."
        ) from error
    return opened


def numbered(columns: list[str]) -> Sql:
    """Return column names 1, 2, 3 … for SQL."""
    return ", ".join(f'"{int(number)}"' for number in range(1, len(columns) + 1))


def open_excel(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str, header: bool | None
) -> duckdb.DuckDBPyRelation:
    """Open one sheet of an Excel file, every cell as text."""
    import pandas as pd

    with pd.ExcelFile(path) as book:
        sheets = [str(name) for name in book.sheet_names]
        if sheet and sheet not in sheets:
            raise ValueError(
                f"{path.name} has no sheet {sheet}.{nearest(sheet, sheets)}"
            )
        if not sheet and len(sheets) > 1:
            raise ValueError(
                f"{path.name} has {len(sheets)} sheets ({', '.join(sheets)}): name the "
                "one to use, such as sheet=" + sheets[0] + "."
            )
        first = None if header is False else 0
        frame = book.parse(sheet or sheets[0], header=first, dtype=str)
    if first is None:
        frame.columns = range(1, len(frame.columns) + 1)
    frame.columns = [str(name) for name in frame.columns]
    return connection.from_df(frame.astype(object).where(frame.notna(), None))


def find_column(columns: list[str], wanted: str, path: Path, meaning: str) -> str:
    """Return a column by its name, in any case. Raises ValueError without it."""
    by_lower = {name.lower(): name for name in columns}
    if wanted.lower() not in by_lower:
        raise ValueError(
            f"{path.name} has no column {wanted} ({meaning}).{nearest(wanted, columns)}"
        )
    return by_lower[wanted.lower()]


def read_classes(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: list[str] | None = None
) -> duckdb.DuckDBPyRelation:
    """Read a file of areas and their classes: one row for each area and level.

    The first column is the area. Classes stand in the `columns` named, the coarsest
    first; without names in those that are called supergroup, group, subgroup, cluster,
    class or level_1; without such in all others. A class's name may stand beside it, in
    supergroup_name and the like.
    """
    opened = open_file(connection, path)
    area = opened.columns[0]
    found = class_columns(opened, path, columns or [])
    parts = []
    for level, (column, name) in enumerate(found.items(), start=1):
        parts.append(
            f"select {quoted(area)}::varchar as area, {int(level)} as level, "
            f"{literal(column.lower())} as level_name, "
            f"{quoted(column)}::varchar as class, "
            f"{quoted(name) if name else 'null'}::varchar as class_name from opened"
        )
    query = f"with opened as (from opened_classes) {' union all '.join(parts)}"
    classes = opened.query("opened_classes", query).filter("class is not null")
    refuse_repeated(classes, path, listed(found))
    return classes


def read_class_table(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: list[str] | None = None
) -> duckdb.DuckDBPyRelation:
    """Read the same file as it is: area, classes, their names, fit and probability."""
    opened = open_file(connection, path)
    area = opened.columns[0]
    found = class_columns(opened, path, columns or [])
    kept = [name for pair in found.items() for name in pair if name]
    kept += [name for name in opened.columns[1:] if name.lower() in HOW_SURE]
    chosen = ", ".join(quoted(name) for name in kept)
    return opened.project(f"{quoted(area)}::varchar as area, {chosen}")


def class_columns(
    opened: duckdb.DuckDBPyRelation, path: Path, wanted: list[str]
) -> dict[str, str | None]:
    """Return the columns of classes, the coarsest first, each with that of its name."""
    area, *others = opened.columns
    found = [find_column(others, name, path, "classes") for name in wanted]
    found = found or [name for name in others if CLASS_NAMES.fullmatch(name)]
    found = without_repeats(opened, found) or others
    if not found:
        raise ValueError(f"{path.name} holds no column of classes beside {area}.")
    by_lower = {name.lower(): name for name in others}
    return {name: by_lower.get(f"{name.lower()}{NAME_OF}") for name in found}


def without_repeats(opened: duckdb.DuckDBPyRelation, columns: list[str]) -> list[str]:
    """Leave out a column that says what the one before says, as a deepest level may."""
    if not columns:
        return []
    pairs = list(pairwise(columns))
    differ = ", ".join(
        f"count(*) filter ({quoted(a)} is distinct from {quoted(b)})" for a, b in pairs
    )
    counts = opened.query("opened", f"select {differ or '0'} from opened").fetchone()
    return [columns[0], *(b for (_, b), n in zip(pairs, counts, strict=False) if n)]


def refuse_repeated(classes: duckdb.DuckDBPyRelation, path: Path, columns: str) -> None:
    """Raise ValueError where an area has two rows."""
    twice = classes.query(
        "read", "select area from read group by area, level having count(*) > 1"
    ).fetchone()
    if twice:
        raise ValueError(
            f"{path.name} has two rows for the area {twice[0]} ({columns}); leave one."
        )
