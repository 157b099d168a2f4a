"""The classes as their file has them, which `append` adds to other files."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import read_class_table
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import pyarrow as pa


def area_classes(classes_file: Path, class_columns: list[str]) -> "pa.Table":
    """One row: one area with its classes, their names and how sure they are."""
    with connect_plain() as connection:
        table = read_class_table(connection, classes_file, class_columns)
        return table.to_arrow_table()
