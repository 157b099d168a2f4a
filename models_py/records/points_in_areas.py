"""Point in polygon, for records that no code places."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def points_in_areas(points_to_place: "pa.Table", boundaries_file: Path) -> "pa.Table":
    """One row: one record and the area whose boundary holds its point."""
    import geopandas as gpd
    import pyarrow as pa

    columns = {"record": pa.int64(), "area": pa.string()}
    if not points_to_place.num_rows or boundaries_file.stat().st_size == 0:
        return pa.schema(columns.items()).empty_table()
    areas = gpd.read_file(boundaries_file)
    if areas.crs is None:
        raise ValueError(f"{boundaries_file.name} names no coordinate system (CRS)")
    code = next(name for name in areas.columns if name != areas.geometry.name)
    points = points_to_place.to_pandas()
    placed = gpd.GeoDataFrame(
        points[["record"]],
        geometry=gpd.points_from_xy(points["x"], points["y"]),
        crs="EPSG:27700",
    ).sjoin(areas[[code, areas.geometry.name]].to_crs("EPSG:27700"), predicate="within")
    # On a shared border a point is in neither; in two that overlap the first counts.
    first = placed.sort_values(["record", code]).drop_duplicates("record")
    return pa.table(
        {
            "record": pa.array(first["record"], pa.int64()),
            "area": pa.array(first[code].astype(str), pa.string()),
        }
    )
