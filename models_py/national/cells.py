"""Counts of the cells that definitions ask for, read from the files as downloaded."""

import csv
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models_py.national._topic_files import (
    COUNTRIES,
    ENDS,
    Layout,
    TopicFile,
    column_of,
    find_topic_files,
    opened,
    read_layout,
    split_footer,
)
from models_py.national.topic_files import cells_by_table
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

DASH = "-"  # Scotland's zero


def cells(
    asked_cells: "pa.Table", topic_tables: "pa.Table", tables_files: list[Path]
) -> "pa.Table":
    """One row: one area of one topic table with the counts that are asked for.

    `counts` lists them in the order of asked_cells.place. Raises ValueError for a row
    that holds no area or no number, for areas of another level, for an area that comes
    twice.
    """
    import pyarrow as pa

    asked = cells_by_table(asked_cells)
    files = find_topic_files(tables_files, topic_tables["table_name"].to_pylist())
    tables = []
    with tempfile.TemporaryDirectory() as folder, connect_plain() as connection:
        for file in files:
            layout = read_layout(file)
            data = Path(folder) / "data.csv"
            write_data(file, layout, data)
            tables.append(read_counts(connection, file, layout, data, asked))
    return pa.concat_tables(tables)


def write_data(file: TopicFile, layout: Layout, target: Path) -> None:
    """Write a file's rows of data, without title, header and footer."""
    with opened(file) as content, target.open("w+b") as sink:
        content.read(layout.first_byte)
        shutil.copyfileobj(content, sink, 1 << 20)
        start = max(0, sink.tell() - ENDS)
        sink.seek(start)
        kept, _ = split_footer(sink.read(), layout)
        sink.truncate(start + len(kept))


def read_counts(
    connection: "duckdb.DuckDBPyConnection",
    file: TopicFile,
    layout: Layout,
    data: Path,
    asked: dict[str, list[dict[str, Any]]],
) -> "pa.Table":
    """Read one table's counts, as numbers and checked."""
    import duckdb

    wanted = asked[file.table_name]
    country = wanted[0]["country"]
    places = [column_of(file, layout, c["cell"], c["variables"]) for c in wanted]
    kinds = ["VARCHAR"] * len(layout.labels)
    for place in places:
        kinds[place] = "DOUBLE"
    columns = ", ".join(f"c{int(n)}: '{kind}'" for n, kind in enumerate(kinds))
    counts = ", ".join(f"c{int(place)}" for place in places)
    # A dash is Scotland's zero; an empty cell is no number, whichever country's.
    shown = ", ".join(f"coalesce(c{int(place)}, 0)" for place in places)
    try:
        connection.execute(
            f"""
            create or replace temp table counted as
            select trim(c{int(layout.area_column)}) as area, [{shown}] as counts,
                least({counts}) as smallest
            from read_csv($1, columns = {{{columns}}}, header = false,
                auto_detect = false, hive_partitioning = false,
                delim = ',', quote = '"', escape = '"', nullstr = '{DASH}',
                encoding = '{"utf-8" if layout.encoding == "utf-8-sig" else "latin-1"}')
            """,
            [str(data)],
        )
    except duckdb.Error as error:
        raise ValueError(
            what_is_wrong(file, layout, data, places)
            or f"{file.label} can't be read as CSV ({str(error).splitlines()[0]})"
        ) from error
    check_areas(connection, file, country)
    return connection.execute(
        "select $1 as country, $2 as table_name, area, counts from counted",
        [country, file.table_name],
    ).to_arrow_table()


def check_areas(
    connection: "duckdb.DuckDBPyConnection", file: TopicFile, country: str
) -> None:
    """Refuse areas of another level, areas that come twice, negative counts."""
    pattern, _, unit = COUNTRIES[country]
    others, example = connection.execute(
        """
        select count(*), min(area) from counted
        where area is null or not regexp_full_match(area, $1)
        """,
        [pattern],
    ).fetchone()
    if others:
        raise ValueError(
            f"{file.label} has {others:,} rows for areas such as {example}, which is "
            f"no {unit} of {country}; download the table by {unit}"
        )
    rows, areas, smallest = connection.execute(
        "select count(area), count(distinct area), min(smallest) from counted"
    ).fetchone()
    if rows > areas:
        double = connection.execute(
            "select area from counted group by area having count(*) > 1 order by 1"
        ).fetchone()[0]
        raise ValueError(
            f"{file.label} has {rows - areas:,} areas twice, {double} first; leave one "
            "row for each"
        )
    if smallest is not None and smallest < 0:
        raise ValueError(f"{file.label} holds the negative count {smallest:g}")


def what_is_wrong(
    file: TopicFile, layout: Layout, data: Path, places: list[int]
) -> str:
    """Name the first row that is no row of data, '' where none stands out."""
    with data.open(encoding=layout.encoding, errors="replace", newline="") as content:
        for row in csv.reader(content):
            if len(row) != len(layout.labels):
                return (
                    f"{file.label} has a row with {len(row)} columns instead of "
                    f"{len(layout.labels)} among the areas: "
                    f"“{' '.join(filter(None, row))[:60]}”; delete it, or download the "
                    "file again"
                )
            for place in places:
                if row[place].strip() != DASH and not is_number(row[place]):
                    return (
                        f"{file.label}: column {layout.labels[place]} holds "
                        f"“{row[place][:40]}” for {row[layout.area_column]}, which is "
                        "no count; correct it, or download the file again"
                    )
    return ""


def is_number(text: str) -> bool:
    """Tell whether a cell can be read as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
