"""census.cluster_inputs on hand-made rows."""

import pytest

SCALED = [
    {"area": "E1", "v01": 0.0, "v02": 0.5, "v03": 1.0},
    {"area": "E2", "v01": 1.0, "v02": 0.0, "v03": 0.0},
]
NO_FEATURES = "select '' as area where false"


@pytest.fixture
def inputs(run_model):
    """Give a function from weights, features and cluster_on to the inputs."""

    def run(weights, features=NO_FEATURES, cluster_on="variables"):
        return run_model(
            "census.cluster_inputs",
            tables={
                "census.scaled_variables": SCALED,
                "census.variable_weighting": [
                    {"variable": name, "weight": weight}
                    for name, weight in weights.items()
                ],
                "census.cluster_features": features,
            },
            cluster_variables=["v03", "v01"],
            cluster_on=cluster_on,
        ).to_dict("list")

    return run


def test_the_chosen_variables_stay_in_the_order_of_the_data(inputs):
    assert inputs({"v03": 1.0, "v01": 1.0}) == {
        "area": ["E1", "E2"],
        "v01": [0, 1],
        "v03": [1, 0],
    }


def test_a_weight_multiplies_squared_distances(inputs):
    found = inputs({"v03": 4.0, "v01": 1.0})
    assert found["v03"] == [2, 0]
    squared = sum((found[name][0] - found[name][1]) ** 2 for name in ("v01", "v03"))
    assert squared == 1 * 1 + 4 * 1


def test_features_take_the_place_of_the_variables(inputs):
    features = [{"area": "E2", "feature_01": 0.2}, {"area": "E1", "feature_01": 0.1}]
    found = inputs({"v03": 1.0, "v01": 1.0}, features, cluster_on="pca")
    assert found == {"area": ["E1", "E2"], "feature_01": [0.1, 0.2]}
