"""census.region_variables on hand-made rows."""


def test_the_areas_of_the_region_come_with_all_their_variables(run_model):
    variables = run_model(
        "census.region_variables",
        tables={
            "census.variables": [
                {"area": "E1", "v01": 1.5, "v02": 0.0},
                {"area": "E3", "v01": 2.5, "v02": 4.0},
            ],
        },
    )
    assert variables.to_dict("list") == {
        "area": ["E1", "E3"],
        "v01": [1.5, 2.5],
        "v02": [0, 4],
    }


def test_an_area_that_lacks_one_value_stays_out(run_model):
    variables = run_model(
        "census.region_variables",
        tables={
            "census.variables": [
                {"area": "E1", "v01": None, "v02": 1.0},
                {"area": "E2", "v01": 2.0, "v02": None},
                {"area": "E3", "v01": 3.0, "v02": 0.0},
            ],
        },
    )
    assert list(variables["area"]) == ["E3"]
