"""Point in polygon, for records that no code places."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.boundaries import read_boundaries
from models_py.readers.records import GRID

if TYPE_CHECKING:
    import pyarrow as pa


def points_in_areas(
    points_to_place: "pa.Table", boundaries_file: Path, x_column: str
) -> "pa.Table":
    """One row: one record and the area whose boundary holds its point."""
    import geopandas as gpd
    import pyarrow as pa

    columns = {"record": pa.int64(), "area": pa.string()}
    is_absent = boundaries_file.stat().st_size == 0
    if points_to_place.num_rows and is_absent and x_column:
        raise ValueError(
            f"{points_to_place.num_rows:,} records have only coordinates ({x_column} "
            "…), which no boundaries place: put boundaries.gpkg into the input folder, "
            "or name the areas' boundaries (boundaries_file_name)."
        )
    if not points_to_place.num_rows or is_absent:
        return pa.schema(columns.items()).empty_table()
    points = points_to_place.to_pandas()
    placed = gpd.GeoDataFrame(
        points[["record"]],
        geometry=gpd.points_from_xy(points["x"], points["y"]),
        crs=GRID,
    ).sjoin(read_boundaries(boundaries_file), predicate="within")
    # On a shared border a point is in neither; in two that overlap the first counts.
    first = placed.sort_values(["record", "area"]).drop_duplicates("record")
    return pa.table(
        {
            "record": pa.array(first["record"], pa.int64()),
            "area": pa.array(first["area"], pa.string()),
        }
    )
