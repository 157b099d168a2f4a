"""census.region_districts on hand-made regions."""

import duckdb
import pytest

TABLES = {
    "census.regions": [
        {"region": "North", "district": "D1"},
        {"region": "North", "district": "D2"},
        {"region": "South", "district": "D3"},
    ],
    "census.districts": [
        {"district": "D1", "district_name": "Oneham"},
        {"district": "D3", "district_name": "Threeham"},
        {"district": "D4", "district_name": "Fourham"},
    ],
}


def test_the_region_has_its_districts_and_no_others(run_model):
    districts = run_model("census.region_districts", TABLES, region="South")
    assert districts.to_dict("records") == [
        {
            "district": "D3",
            "region": "South",
            "district_name": "Threeham",
            "has_boundary": True,
        }
    ]


def test_a_code_that_no_district_bears_stays_and_is_marked(run_model):
    districts = run_model("census.region_districts", TABLES, region="North")
    assert list(districts["district"]) == ["D1", "D2"]
    assert list(districts["has_boundary"]) == [True, False]
    assert districts["district_name"].isna().tolist() == [False, True]


def test_all_needs_no_districts(run_model):
    assert run_model("census.region_districts", TABLES, region="all").empty


@pytest.mark.parametrize("region", ["Nroth", "north", ""])
def test_an_unknown_region_is_refused_with_the_known_ones(run_model, region):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        run_model("census.region_districts", TABLES, region=region)
    assert (
        f'There is no region "{region}" in regions.csv, and no district has that code '
        "or name. Known: North, South, or all for every area of the census file."
    ) in str(refused.value)


@pytest.mark.parametrize("region", ["D4", "Fourham", "fourham", " d4"])
def test_a_district_is_a_region_by_its_code_or_name(run_model, region):
    districts = run_model("census.region_districts", TABLES, region=region)
    assert districts[["district", "region"]].to_numpy().tolist() == [["D4", "Fourham"]]


def test_regions_and_districts_are_joined_by_a_plus_each_district_once(run_model):
    asked = "South + D4 + Threeham"
    districts = run_model("census.region_districts", TABLES, region=asked)
    assert list(districts["district"]) == ["D3", "D4"]
    named = run_model(
        "census.region_name",
        {"census.region_districts": districts.to_dict("records")},
        region=asked,
    )
    assert named["region"].tolist() == ["Fourham and South"]


def test_a_region_whose_name_holds_a_plus_is_taken_whole(run_model):
    regions = [{"region": "North + D4", "district": "D1"}]
    tables = TABLES | {"census.regions": regions}
    districts = run_model("census.region_districts", tables, region="North + D4")
    assert list(districts["district"]) == ["D1"]


def test_each_district_of_the_region_is_told_its_number_of_areas(run_model):
    tables = {
        "census.region_districts": [
            {"district": code, "district_name": f"{code}ham"} for code in ("D1", "D2")
        ],
        "census.region_areas": [{"area": "E1", "district": "D1"}] * 3
        + [{"area": "E9", "district": "D7"}],
    }
    counted = run_model("census.district_areas", tables)
    assert counted[["district", "areas"]].to_numpy().tolist() == [["D1", 3], ["D2", 0]]
