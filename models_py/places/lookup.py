"""Which places an area lies in."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import find_column, open_file
from placetypes.database import connect_plain, literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

IS_CODE = re.compile(r".*(cd|code)", re.IGNORECASE)


def lookup(lookup_file: Path, place_columns: list[str]) -> "pa.Table":
    """One row: one area and one place that it lies in, of one kind."""
    with connect_plain() as connection:
        opened = open_file(connection, lookup_file)
        area, *others = opened.columns
        kinds = [
            find_column(others, name, lookup_file, "places") for name in place_columns
        ]
        kinds = kinds or [name for name in others if IS_CODE.fullmatch(name)] or others
        if not kinds:
            raise ValueError(
                f"{lookup_file.name} has no column of places beside {area}"
            )
        parts = [
            f"select distinct {quoted(area)}::varchar as area, {literal(kind)} as kind,"
            f" {quoted(kind)}::varchar as place from opened"
            for kind in kinds
        ]
        found = opened.query("opened", " union all ".join(parts))
        rows = found.filter("place is not null and area is not null").to_arrow_table()
        twice = connection.sql(
            "select area, kind, count(*) from rows group by all having count(*) > 1"
        ).fetchone()
    if twice:
        raise ValueError(
            f"{lookup_file.name} puts the area {twice[0]} into {twice[2]} places of "
            f"the kind {twice[1]}; leave one"
        )
    return rows
