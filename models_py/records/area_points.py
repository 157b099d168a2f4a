"""A point inside each area, for those whose postcodes don't tell where they lie."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.boundaries import read_boundaries

if TYPE_CHECKING:
    import pyarrow as pa


def area_points(boundaries_file: Path, within_km: float) -> "pa.Table":
    """One row: one area and a point inside its boundary, where reach is counted."""
    import pyarrow as pa

    columns = {"area": pa.string(), "x": pa.float64(), "y": pa.float64()}
    if not within_km or boundaries_file.stat().st_size == 0:
        return pa.schema(columns.items()).empty_table()
    areas = read_boundaries(boundaries_file).drop_duplicates("area")
    points = areas.geometry.representative_point()
    return pa.table(
        {"area": areas["area"].array, "x": points.x.array, "y": points.y.array},
        schema=pa.schema(columns.items()),
    )
