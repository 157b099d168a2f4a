"""Classes that areas are known to have, to hold scores against."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import read_classes
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import pyarrow as pa


def published_classes(published_file: Path) -> "pa.Table":
    """One row: one area on one level, with the class that it is known to have."""
    with connect_plain() as connection:
        if published_file.stat().st_size == 0:  # nothing to hold against
            return connection.sql(
                "select ''::varchar as area, 1 as level, ''::varchar as level_name, "
                "''::varchar as class, ''::varchar as class_name limit 0"
            ).to_arrow_table()
        return read_classes(connection, published_file).to_arrow_table()
