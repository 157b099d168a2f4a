"""What records are held against: residents, households, or whatever areas count."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import find_column, open_file
from placetypes.database import connect_plain, quoted

if TYPE_CHECKING:
    import pyarrow as pa


def base_counts(base_file: Path, base: str) -> "pa.Table":
    """One row: one area and its base."""
    with connect_plain() as connection:
        if base == "areas":
            query = "select ''::varchar as area, 0.0::double as base limit 0"
            return connection.sql(query).to_arrow_table()
        if base_file.stat().st_size == 0:
            raise ValueError(
                f"base={base} needs a file of areas with that column (base_file)"
            )
        opened = open_file(connection, base_file)
        area = quoted(opened.columns[0])
        column = quoted(find_column(opened.columns, base, base_file, "the base"))
        counts = opened.project(
            f"{area}::varchar as area, try_cast({column} as double) as base"
        )
        wrong = opened.filter(
            f"{column} is not null and coalesce(try_cast({column} as double), -1) < 0"
        ).fetchone()
        if wrong:
            raise ValueError(
                f"{base_file.name}: {base} of {wrong[0]} is no number of 0 or more"
            )
        return counts.to_arrow_table()
