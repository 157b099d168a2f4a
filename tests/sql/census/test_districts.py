"""census.districts on small GeoPackages."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box, force_3d

from tests.conftest import variables_of


@pytest.fixture
def read_districts(run_model, tmp_path):
    """Give a function that writes districts to a file and runs the model."""

    def read(districts: gpd.GeoDataFrame, areas_crs: str = "EPSG:27700"):
        path = tmp_path / "Local_Authority_Districts.gpkg"
        districts.to_file(path, layer="LAD", GEOMETRY_NAME="SHAPE")
        variables = variables_of("districts_file", path, ["LAD22CD", "LAD22NM"])
        variables["areas_file_crs"] = areas_crs
        read = run_model("census.districts", tables={}, **variables)
        read["geometry"] = shapely.from_wkb(
            [bytes(value) for value in read["geometry"]]
        )
        return read.set_index("district")

    return read


def district(shape, crs: str = "EPSG:27700") -> gpd.GeoDataFrame:
    """Return one district."""
    columns = {"LAD22CD": ["E08000012"], "LAD22NM": ["Liverpool"], "note": ["x"]}
    return gpd.GeoDataFrame(columns, geometry=[shape], crs=crs)


def test_codes_and_names_are_read(read_districts):
    districts = read_districts(district(box(0, 0, 10, 10)))
    assert districts["district_name"].to_dict() == {"E08000012": "Liverpool"}
    assert list(districts.columns) == ["district_name", "geometry"]
    assert districts.loc["E08000012", "geometry"].equals(box(0, 0, 10, 10))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_districts_in_another_crs_are_brought_into_that_of_the_areas(
    read_districts, crs
):
    here = gpd.GeoSeries([box(335_000, 390_000, 345_000, 398_000)], crs="EPSG:27700")
    elsewhere = here.to_crs(crs)
    districts = read_districts(district(elsewhere.iloc[0], crs))
    np.testing.assert_allclose(
        shapely.get_coordinates(districts.loc["E08000012", "geometry"].normalize()),
        shapely.get_coordinates(elsewhere.to_crs("EPSG:27700").iloc[0].normalize()),
        rtol=0,
        atol=1e-6,
    )


def test_areas_in_degrees_get_districts_in_degrees_longitude_first(read_districts):
    here = district(box(335_000, 390_000, 345_000, 398_000))
    districts = read_districts(here, "EPSG:4326")
    np.testing.assert_allclose(
        districts.loc["E08000012", "geometry"].bounds,
        here.to_crs("EPSG:4326").total_bounds,
        rtol=0,
        atol=1e-6,
    )


def test_heights_are_dropped_and_invalid_polygons_repaired(read_districts):
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    districts = read_districts(district(force_3d(MultiPolygon([bow_tie]), 3.0)))
    shape = districts.loc["E08000012", "geometry"]
    assert shape.is_valid
    assert not shape.has_z
    assert shape.area == pytest.approx(50)
