"""Means of raster tiles over areas, exact at their edges.

A pixel counts by the share of it that an area covers. Tiles may lie in several
coordinate systems (UTM zones), and an area in several tiles: what one tile covered, no
other is asked for. AlphaEarth's tiles hold a byte for each dimension of each pixel.

Source: D. Baston, exactextract; C. F. Brown et al. (2025), AlphaEarth Foundations,
arXiv:2507.22291, for what a byte stands for.
"""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from rasterio.windows import Window

NODATA = -128
STEPS = 1_000  # metres between the points of a tile's edge in another system


class Means(NamedTuple):
    """Means (n, d), whole and part pixels (n,), and the share covered (n,)."""

    means: np.ndarray
    pixels: np.ndarray
    covered: np.ndarray


def dequantised(values: np.ndarray) -> np.ndarray:
    """Return what bytes stand for: (v / 127.5)² with the sign of v."""
    parts = values.astype(float) / 127.5
    return parts * abs(parts)


def raster_means(areas: gpd.GeoSeries, tiles: list[Path]) -> Means:
    """Return the means over polygons of tiles that all have as many bands."""
    zones: dict[str, list[Path]] = {}
    for tile in sorted(tiles):
        with rasterio.open(tile) as opened:
            zones.setdefault(opened.crs.to_wkt(), []).append(tile)
            bands = opened.count
    sums, ground = np.zeros((len(areas), bands)), np.zeros(len(areas))
    pixels, covered = np.zeros(len(areas)), np.zeros(len(areas))
    done = gpd.GeoSeries([], crs=areas.crs)
    for zone, own in zones.items():
        shapes = areas.to_crs(zone)
        whole = shapes.area.to_numpy()
        if len(done):
            shapes = shapes.difference(done.to_crs(zone).union_all())
        for tile in own:
            with rasterio.open(tile) as opened:
                edge = shapely.box(*opened.bounds)
                for place in np.flatnonzero(shapes.intersects(edge)):
                    shape = shapes.iloc[place].intersection(edge)
                    weights, values = pixels_of(opened, shape)
                    size = abs(opened.res[0] * opened.res[1])
                    sums[place] += size * (weights @ values)
                    ground[place] += size * weights.sum()
                    pixels[place] += weights.sum()
                    covered[place] += size * weights.sum() / whole[place]
            shapes = shapes.difference(edge)
            footprint = gpd.GeoSeries([shapely.segmentize(edge, STEPS)], crs=zone)
            done = gpd.GeoSeries([*done, *footprint.to_crs(areas.crs)], crs=areas.crs)
    with np.errstate(invalid="ignore"):
        return Means(sums / ground[:, None], pixels, covered)


def pixels_of(
    opened: rasterio.DatasetReader, shape: shapely.Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels of one polygon: how far it covers each (p,), values (p, d)."""
    if shape.area == 0:
        return np.zeros(0), np.zeros((0, opened.count))
    west, south, east, north = shape.bounds
    first, last = opened.index(west, north), opened.index(east, south)
    rows = max(first[0], 0), min(last[0] + 1, opened.height)
    columns = max(first[1], 0), min(last[1] + 1, opened.width)
    wider = Window.from_slices(rows, columns)
    bytes_of = opened.read(window=wider)
    left, bottom, right, top = opened.window_bounds(wider)
    system = opened.crs.to_wkt()
    grid = NumPyRasterSource(
        np.zeros(bytes_of.shape[1:]), left, bottom, right, top, srs_wkt=system
    )
    # Where an area only touches what was covered before, a line or point is left.
    parts = [part for part in shapely.get_parts(shape) if part.area > 0]
    polygon = gpd.GeoDataFrame(geometry=[shapely.multipolygons(parts)], crs=system)
    found = exact_extract(grid, polygon, ["coverage", "cell_id"], output="pandas")
    weights = np.asarray(found["coverage"][0], dtype=float)
    cells = np.asarray(found["cell_id"][0], dtype=int)
    chosen = bytes_of.reshape(len(bytes_of), -1)[:, cells].T
    known = (chosen != NODATA).all(axis=1)
    return weights[known], dequantised(chosen[known])
