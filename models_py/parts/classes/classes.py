"""The classes that records are counted by."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.files import read_classes
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import pyarrow as pa


def classes(classes_file: Path, class_columns: list[str]) -> "pa.Table":
    """One row: one area on one level, with its class."""
    with connect_plain() as connection:
        return read_classes(connection, classes_file, class_columns).to_arrow_table()
