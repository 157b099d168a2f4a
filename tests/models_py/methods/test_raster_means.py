"""Means of synthetic tiles whose values are known by construction."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import box

rasterio = pytest.importorskip("rasterio", reason="rasterio is an optional library")
pytest.importorskip("exactextract", reason="exactextract is an optional library")

from models_py.methods.raster_means import dequantised, raster_means  # noqa: E402

BANDS = 3


def write_tile(path, left, top, values, crs=32630):
    """Write (bands, rows, columns) of bytes as a tile of 10 m pixels."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="int8",
        count=len(values),
        height=values.shape[1],
        width=values.shape[2],
        crs=crs,
        nodata=-128,
        transform=rasterio.transform.from_origin(left, top, 10, 10),
    ) as opened:
        opened.write(values)


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """Give two tiles side by side, 20 by 20 pixels each, and their bytes."""
    rng = np.random.default_rng(12)
    bytes_of = rng.integers(-127, 128, (BANDS, 20, 40)).astype(np.int8)
    bytes_of[:, 0, 0] = -128
    folder = tmp_path_factory.mktemp("tiles")
    write_tile(folder / "a.tif", 500_000, 6_000_200, bytes_of[:, :, :20])
    write_tile(folder / "b.tif", 500_200, 6_000_200, bytes_of[:, :, 20:])
    return sorted(folder.glob("*.tif")), bytes_of


def test_bytes_stand_for_signed_squares():
    expected = [-((127 / 127.5) ** 2), 0, (51 / 127.5) ** 2]
    assert dequantised(np.array([-127, 0, 51], np.int8)) == pytest.approx(expected)


def test_means_count_part_pixels_and_join_tiles(tiles):
    paths, bytes_of = tiles
    areas = [
        box(500_015, 6_000_105, 500_390, 6_000_180),  # half pixels, in both tiles
        box(500_000, 6_000_180, 500_020, 6_000_200),  # one of four pixels has no data
        box(500_380, 6_000_000, 500_420, 6_000_200),  # half of it beyond the tiles
        box(600_000, 6_000_000, 600_100, 6_000_100),  # beyond them
    ]
    found = raster_means(gpd.GeoSeries(areas, crs=32630), paths)
    columns, rows = np.arange(40) * 10 + 500_000, 6_000_190 - np.arange(20) * 10
    values, known = dequantised(bytes_of), bytes_of[0] != -128
    for place, area in enumerate(areas[:3]):
        left, bottom, right, top = area.bounds
        across = np.clip(
            np.minimum(right, columns + 10) - np.maximum(left, columns), 0, 10
        )
        down = np.clip(np.minimum(top, rows + 10) - np.maximum(bottom, rows), 0, 10)
        weights = np.outer(down, across) / 100 * known
        expected = (values * weights).sum(axis=(1, 2)) / weights.sum()
        assert found.means[place] == pytest.approx(expected, abs=1e-6)
        assert found.pixels[place] == pytest.approx(weights.sum(), abs=1e-6)
        share = weights.sum() * 100 / area.area
        assert found.covered[place] == pytest.approx(share, abs=1e-6)
    assert np.isnan(found.means[3]).all()
    assert found.covered[3] == 0


def test_tiles_of_two_zones_count_no_ground_twice(tmp_path):
    ones = np.full((BANDS, 40, 40), 51, np.int8)
    write_tile(tmp_path / "west.tif", 700_000, 6_000_400, ones)
    move = pyproj.Transformer.from_crs(32630, 32631, always_xy=True)
    x, y = move.transform(700_200, 6_000_200)
    write_tile(tmp_path / "east.tif", round(x) - 200, round(y) + 200, -ones, crs=32631)
    area = shapely.box(700_100, 6_000_100, 700_300, 6_000_300)
    found = raster_means(
        gpd.GeoSeries([area], crs=32630), sorted(tmp_path.glob("*.tif"))
    )
    assert found.covered[0] == pytest.approx(1, abs=2e-3)
    assert abs(found.means[0]) == pytest.approx(0.16, abs=1e-6)
