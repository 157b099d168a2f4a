"""Boundaries of areas that people bring, on the British National Grid."""

from pathlib import Path
from typing import TYPE_CHECKING

from models_py.readers.records import GRID

if TYPE_CHECKING:
    import geopandas as gpd


def read_boundaries(path: Path) -> "gpd.GeoDataFrame":
    """Read areas, whose code is the first column, and their geometry in metres.

    Raises ValueError for a file that names no coordinate system.
    """
    import geopandas as gpd

    is_parquet = path.suffix.lower() == ".parquet"
    areas = gpd.read_parquet(path) if is_parquet else gpd.read_file(path)
    if areas.crs is None:
        raise ValueError(f"{path.name} names no coordinate system (CRS)")
    code = next(name for name in areas.columns if name != areas.geometry.name)
    return gpd.GeoDataFrame(
        {"area": areas[code].astype(str)}, geometry=areas.geometry.to_crs(GRID)
    )
