"""census.cluster_inputs on hand-made rows."""

SCALED = [
    {"area": "E1", "v01": 0.0, "v02": 0.5, "v03": 1.0},
    {"area": "E2", "v01": 1.0, "v02": 0.0, "v03": 0.0},
]


def test_the_chosen_variables_stay_in_the_order_of_the_data(run_model):
    inputs = run_model(
        "census.cluster_inputs",
        tables={"census.scaled_variables": SCALED},
        cluster_variables=["v03", "v01"],
    )
    assert inputs.to_dict("list") == {
        "area": ["E1", "E2"],
        "v01": [0, 1],
        "v03": [1, 0],
    }
