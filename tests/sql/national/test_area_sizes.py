"""Sizes of areas: boundaries in any coordinate system in, km² out."""

import geopandas as gpd
import pytest
from shapely.geometry import box

SQUARE = gpd.GeoDataFrame(
    {"OA": ["S00000001"]}, geometry=[box(300000, 600000, 302000, 600500)], crs=27700
)


@pytest.mark.parametrize("crs", [27700, 4326])
def test_a_boundary_gives_its_square_kilometres(run_model, tmp_path, crs):
    path = tmp_path / "areas.parquet"
    SQUARE.to_crs(crs).to_parquet(path)

    found = run_model(
        "national.area_sizes",
        {},
        areas_file=str(path),
        areas_file_geometry="geometry",
        areas_file_crs=f"EPSG:{crs}",
    )

    assert found["area"].to_list() == ["S00000001"]
    assert found["square_kilometres"].iloc[0] == pytest.approx(1.0, rel=1e-4)
