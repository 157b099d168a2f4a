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
        {"district": "D3", "district_name": "Threeham", "has_boundary": True}
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
        f'There is no region "{region}" in regions.csv. Known: North, South, '
        "or all for every area of the census file."
    ) in str(refused.value)
