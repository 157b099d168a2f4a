"""The user's own file, read: where each record is and what it weighs."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.records import RecordColumns, read_records
from placetypes.database import connect_plain

if TYPE_CHECKING:
    import pyarrow as pa


def records(
    records_file: Path,
    postcode_column: str,
    record_area_column: str,
    x_column: str,
    y_column: str,
    coordinates: str,
    weight_column: str,
    only: list[str],
    sheet: str,
    header: str,
) -> "pa.Table":
    """One row: one record of the user's file, by its number in the file's order."""
    columns = RecordColumns(
        postcode=postcode_column,
        area=record_area_column,
        x=x_column,
        y=y_column,
        weight=weight_column,
    )
    with connect_plain() as connection:
        return read_records(
            connection,
            records_file,
            columns,
            coordinates=coordinates,
            only=only,
            sheet=sheet,
            header={"yes": True, "no": False}.get(header),
        )
