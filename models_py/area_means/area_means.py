"""Means of tiles over areas, such as of AlphaEarth's embeddings."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def area_means(boundaries: "pa.Table", rasters: str) -> "pa.Table":
    """One row: one area with the mean of each band of the tiles."""
    import geopandas as gpd
    import pyarrow as pa

    try:
        from models_py.methods.raster_means import raster_means
    except ModuleNotFoundError as error:
        raise ValueError(
            f"to read tiles takes {error.name}: pip install exactextract rasterio"
        ) from error

    folder = Path(rasters).expanduser()
    tiles = [path for path in folder.glob("*.tif*") if path.is_file()]
    if not tiles:
        raise ValueError(f"{rasters} holds no tile (.tif); set rasters to their folder")
    outlines = [bytes(outline) for outline in boundaries["outline"].to_pylist()]
    shapes = gpd.GeoSeries.from_wkb(outlines, crs=boundaries["crs"][0].as_py())

    found = raster_means(shapes.make_valid(), tiles)

    bands = {
        f"A{band:02}_mean": pa.array(values, mask=np.isnan(values))
        for band, values in enumerate(found.means.T)
    }
    return pa.table(
        {
            "area": boundaries["area"],
            "pixels": found.pixels,
            "share_covered": found.covered,
            **bands,
        }
    )
