"""census.areas on small GeoPackages."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import (
    GeometryCollection,
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
    force_3d,
)

from tests.conftest import variables_of

SQUARE = box(0, 0, 10, 10)
BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


@pytest.fixture
def read_areas(run_model, tmp_path):
    """Give a function that writes shapes as the areas file and runs the model."""

    def read(shapes: dict, geometry: str = "geom", layer: str = "areas"):
        path = tmp_path / "OA_2021_22_Boundaries.gpkg"
        gpd.GeoDataFrame(
            {"OA": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:27700"
        ).to_file(path, layer=layer, GEOMETRY_NAME=geometry)
        variables = variables_of("areas_file", path, ["OA"])
        areas = run_model("census.areas", tables={}, **variables)
        areas["shape"] = shapely.from_wkb(
            [None if pd.isna(value) else bytes(value) for value in areas["geometry"]]
        )
        return areas.set_index("area")

    return read


def test_a_polygon_becomes_a_multipolygon_of_the_same_shape(read_areas):
    areas = read_areas({"E1": SQUARE, "E2": MultiPolygon([SQUARE, box(20, 0, 30, 10)])})
    assert [shape.geom_type for shape in areas["shape"]] == ["MultiPolygon"] * 2
    assert areas.loc["E1", "shape"].equals(SQUARE)
    assert areas.loc["E2", "shape"].area == 200
    assert not areas["was_repaired"].any()
    assert not areas["is_empty"].any()


def test_a_bow_tie_is_repaired_and_flagged(read_areas):
    areas = read_areas({"E1": BOW_TIE, "E2": SQUARE})
    assert areas["was_repaired"].to_dict() == {"E1": True, "E2": False}
    assert areas.loc["E1", "shape"].is_valid
    assert areas.loc["E1", "shape"].area == pytest.approx(50)


def test_a_polygon_with_a_spike_keeps_its_surface_only(read_areas):
    spike = Polygon([(0, 0), (10, 0), (20, 0), (10, 0), (10, 10), (0, 10)])
    areas = read_areas({"E1": spike})
    assert areas.loc["E1", "was_repaired"]
    assert areas.loc["E1", "shape"].geom_type == "MultiPolygon"
    assert areas.loc["E1", "shape"].equals(SQUARE)


def test_heights_are_dropped(read_areas):
    areas = read_areas({"E1": force_3d(SQUARE, 5.0), "E2": force_3d(BOW_TIE, 5.0)})
    assert not areas["shape"].map(shapely.has_z).any()
    assert areas.loc["E1", "shape"].equals(SQUARE)


def test_an_area_without_geometry_is_kept_and_flagged(read_areas):
    areas = read_areas({"E1": SQUARE, "E2": None, "E3": Polygon()})
    assert areas["is_empty"].to_dict() == {"E1": False, "E2": True, "E3": True}
    assert not areas["was_repaired"].any()


def test_a_polygon_without_surface_counts_as_empty(read_areas):
    """Nothing is left of it once it is repaired, so it can't be placed."""
    areas = read_areas({"E1": SQUARE, "E2": Polygon([(0, 0), (5, 0), (10, 0)])})
    assert areas["is_empty"].to_dict() == {"E1": False, "E2": True}


def test_of_a_collection_the_polygons_are_kept(read_areas):
    mixed = GeometryCollection([SQUARE, LineString([(0, 0), (50, 50)]), Point(90, 90)])
    areas = read_areas({"E1": mixed, "E2": SQUARE})
    assert areas.loc["E1", "shape"].geom_type == "MultiPolygon"
    assert areas.loc["E1", "shape"].equals(SQUARE)


def test_the_geometry_column_may_have_another_name(read_areas):
    areas = read_areas({"E1": SQUARE}, geometry="SHAPE", layer="OA 2021")
    assert areas.loc["E1", "shape"].equals(SQUARE)
