"""Tiles whose means are known, through the job area_means to the embeddings job."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer
from shapely.geometry import box

from placetypes.database import connect_published

rasterio = pytest.importorskip("rasterio", reason="rasterio is an optional library")
pytest.importorskip("exactextract", reason="exactextract is an optional library")

LEFT, TOP = 780_000, 6_000_200  # in zone 30, where zone 31 begins
COLUMNS = np.array([[-90, 40], [10, 80], [127, -5]], np.int8)  # by band and column


def write_tile(path: Path, left: float, top: float, values: np.ndarray, crs: int):
    """Write (bands, rows, columns) of bytes as a tile of 10 m pixels."""
    bands, height, width = values.shape
    sizes = {"count": bands, "height": height, "width": width}
    place = rasterio.transform.from_origin(left, top, 10, 10)
    kind = {"driver": "GTiff", "dtype": "int8", "nodata": -128}
    with rasterio.open(path, "w", **kind, **sizes, crs=crs, transform=place) as opened:
        opened.write(values)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Give tiles of two zones, boundaries and a table in a folder.

    In zone 30 there are two columns of pixels, of other bytes; all of the tile in zone
    31 has the first column's.
    """
    tiles = tmp_path / "tiles"
    tiles.mkdir()
    write_tile(
        tiles / "a.tif", LEFT, TOP, np.repeat(COLUMNS[:, None], 2, axis=1), 32630
    )
    even = np.repeat(COLUMNS[:, :1], 4900, axis=1).reshape(3, 70, 70)
    x, y = Transformer.from_crs(32630, 32631, always_xy=True).transform(781_000, TOP)
    write_tile(tiles / "b.tif", x, y, even, 32631)
    squares = [
        box(LEFT, TOP - 20, LEFT + 10, TOP),  # the first column
        box(LEFT, TOP - 15, LEFT + 15, TOP),  # and half of the second
        box(LEFT, TOP - 40, LEFT + 20, TOP),  # half of it below the tile
        box(781_200, TOP - 400, 781_300, TOP - 300),  # in the other zone
    ]
    codes = ["00001", "00002", "00003", "00004"]
    areas = gpd.GeoDataFrame({"code": codes}, geometry=squares, crs=32630)
    areas.to_file(tmp_path / "boundaries.gpkg")
    table = pd.DataFrame({"code": codes, "decile": [1, 2, 1, 2], "rate": [1, 2, 3, 4]})
    table.to_csv(tmp_path / "Socioeconomic.csv", index=False)
    return tmp_path


def test_means_are_exact_at_edges_and_across_zones_and_embeddings_reads_them(
    folder, tmp_path, command
):
    folders = ["--input", folder, "--output", tmp_path / "output"]
    made = command("run", "area_means", *folders, "--set", f"rasters={folder}/tiles")
    assert made.code == 0, made.err
    found = pd.read_csv(
        tmp_path / "output" / "area_means" / "area_means.csv", dtype={"area": str}
    ).set_index("area")
    first, second = (np.sign(COLUMNS) * (COLUMNS / 127.5) ** 2).T
    expected = [first, (first * 2 + second) / 3, (first + second) / 2, first]
    means = found[["A00_mean", "A01_mean", "A02_mean"]].to_numpy()
    assert means == pytest.approx(np.array(expected), abs=1e-6)
    assert found["pixels"].to_numpy() == pytest.approx([2, 2.25, 4, 100], rel=1e-2)
    assert found["pixels"].to_numpy()[:3] == pytest.approx([2, 2.25, 4], abs=1e-6)
    assert found["share_covered"].to_numpy() == pytest.approx([1, 1, 0.5, 1], abs=1e-2)

    settings = {
        "areas_file": tmp_path / "output" / "area_means" / "area_means.gpkg",
        "embeddings.id_column": "area",
        "socioeconomic_id_column": "code",
        "name_column": "",
        "embedding_dimensions": 3,
        "target": "decile",
        "predictors": "rate",
    }
    arguments = [f"{name}={value}" for name, value in settings.items()]
    pairs = [part for setting in arguments for part in ("--set", setting)]
    read = command("run", "embeddings.mixes", *folders, *pairs)
    assert read.code == 0, read.err
    with connect_published(tmp_path / "output") as connection:
        back = connection.sql("from embeddings.embeddings").df().set_index("area")
    assert back.index.tolist() == ["00001", "00002", "00003", "00004"]
    assert back.to_numpy() == pytest.approx(np.array(expected), abs=1e-6)
