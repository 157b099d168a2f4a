"""census.region_areas on squares along a line.

D1 covers 0 to 10, D2 10 to 20, D3 20 to 30; the region is D1 and D2.

    E1  within D1
    E2  half in D1, half in D2, its interior point on their border
    E3  from D2 into D3, its interior point in D3
    E4  within D3, touching D2's border
    E5  within D3
    E6  without geometry
    E7  in the census file only
"""

import duckdb
import pytest

TABLES = {
    "census.areas": """
        select * from (values
            ('E1', st_makeenvelope(1, 1, 2, 2)),
            ('E2', st_makeenvelope(9, 1, 11, 2)),
            ('E3', st_makeenvelope(19, 1, 24, 2)),
            ('E4', st_makeenvelope(20, 5, 22, 6)),
            ('E5', st_makeenvelope(25, 1, 26, 2)),
            ('E6', null)
        ) as areas(area, geometry)
    """,
    "census.districts": """
        select * from (values
            ('D1', 'Oneham', st_makeenvelope(0, 0, 10, 10)),
            ('D2', 'Twoham', st_makeenvelope(10, 0, 20, 10)),
            ('D3', 'Threeham', st_makeenvelope(20, 0, 30, 10))
        ) as districts(district, district_name, geometry)
    """,
    "census.region_districts": [{"district": "D1"}, {"district": "D2"}],
    "census.area_districts": [
        {"area": "E1", "district": "D1"},
        {"area": "E2", "district": "D1"},
        {"area": "E3", "district": "D3"},
        {"area": "E4", "district": "D3"},
        {"area": "E5", "district": "D3"},
    ],
    "census.area_lookup": "select '' as area, '' as district where false",
    "census.census_areas": [{"area": area} for area in ["E1", "E2", "E3", "E4", "E7"]],
}

LOOKUP = [
    {"area": "E1", "district": "D1"},
    {"area": "E5", "district": "D2"},  # the lookup may know better than the map
    {"area": "E6", "district": "D2"},
    {"area": "E9", "district": "D1"},  # no file but the lookup knows it
    {"area": "E4", "district": "D3"},
]


def areas_of(run_model, tables=TABLES, region="North", rule="intersects"):
    """Return the region's areas by code."""
    areas = run_model("census.region_areas", tables, region=region, region_rule=rule)
    assert areas["area"].is_unique
    return areas.set_index("area")


def test_intersects_takes_what_touches_the_border(run_model):
    areas = areas_of(run_model, rule="intersects")
    assert list(areas.index) == ["E1", "E2", "E3", "E4"]


def test_an_area_that_touches_two_districts_comes_once(run_model):
    areas = areas_of(run_model, rule="intersects")
    assert list(areas.index).count("E2") == 1


def test_an_area_on_the_border_is_in_but_not_inside(run_model):
    areas = areas_of(run_model, rule="intersects")
    assert areas["is_inside"].to_dict() == {
        "E1": True,
        "E2": True,
        "E3": False,
        "E4": False,
    }
    assert areas.loc["E3", "district_name"] == "Threeham"


def test_areas_whose_axes_are_swapped_are_called_that(run_model):
    moved = "st_makeenvelope(101, y, 102, y + 1)"
    areas = f"select 'E' || y as area, {moved} as geometry from range(9) as t(y)"
    district = "select 'D1' as district, '' as district_name, "
    turned = district + "st_makeenvelope(0, 100, 10, 110) as geometry"
    tables = TABLES | {"census.areas": areas, "census.districts": turned}
    with pytest.raises(duckdb.InvalidInputException, match="axes swapped: easting"):
        areas_of(run_model, tables)
    far = district + "st_makeenvelope(500, 100, 510, 110) as geometry"
    assert areas_of(run_model, tables | {"census.districts": far}).empty


def test_interior_takes_the_areas_whose_interior_point_lies_within(run_model):
    areas = areas_of(run_model, rule="interior")
    assert list(areas.index) == ["E1", "E2"]
    assert areas["is_inside"].all()


def test_lookup_takes_the_areas_that_the_file_lists_for_the_districts(run_model):
    areas = areas_of(run_model, TABLES | {"census.area_lookup": LOOKUP}, rule="lookup")
    assert areas["district"].to_dict() == {
        "E1": "D1",
        "E5": "D2",
        "E6": "D2",
        "E9": "D1",
    }
    assert areas["is_inside"].to_dict() == {
        "E1": True,
        "E5": False,
        "E6": False,
        "E9": False,
    }


def test_lookup_takes_areas_of_districts_without_a_boundary(run_model):
    tables = TABLES | {
        "census.region_districts": [{"district": "D8"}],
        "census.area_lookup": [{"area": "E1", "district": "D8"}],
    }
    areas = areas_of(run_model, tables, rule="lookup")
    assert areas["district"].to_dict() == {"E1": "D8"}
    assert areas["district_name"].isna().all()


@pytest.mark.parametrize("rule", ["intersects", "interior", "lookup"])
def test_all_takes_every_area_with_or_without_a_boundary_by_any_rule(run_model, rule):
    areas = areas_of(run_model, region="all", rule=rule)
    assert list(areas.index) == ["E1", "E2", "E3", "E4", "E5", "E6", "E7"]
    assert areas["is_inside"].all()
    assert areas["district"].isna().to_dict()["E7"]


@pytest.mark.parametrize("rule", ["intersects", "interior"])
def test_a_district_that_the_file_lacks_brings_no_area(run_model, rule):
    tables = TABLES | {
        "census.region_districts": [{"district": "D1"}, {"district": "W9"}]
    }
    assert list(areas_of(run_model, tables, rule=rule).index) == ["E1", "E2"]


def test_the_lookup_names_the_district_of_areas_found_by_the_map(run_model):
    tables = TABLES | {"census.area_lookup": [{"area": "E2", "district": "D2"}]}
    areas = areas_of(run_model, tables, rule="intersects")
    assert areas.loc["E2", "district_name"] == "Twoham"
    assert areas.loc["E1", "district_name"] == "Oneham"
