"""census.variable_weighting on hand-made rows."""

import duckdb
import pandas as pd
import pytest

PROFILE = [
    {"variable": "v01", "scaled_variance": 1.0, "domain": "Age"},
    {"variable": "v02", "scaled_variance": 1.0, "domain": "Work"},
    {"variable": "v03", "scaled_variance": 2.0, "domain": "Work"},
    {"variable": "v04", "scaled_variance": 36.0, "domain": "a = b"},
    {"variable": "v05", "scaled_variance": 9.0, "domain": "Idle"},
]


@pytest.fixture
def weights(run_model):
    """Give a function from the two parameters to the weight of each variable."""

    def run(variable_weights=(), domain_weights=()):
        found = run_model(
            "census.variable_weighting",
            tables={
                "census.variable_profile": PROFILE,
                "census.cluster_variables": PROFILE[:4],  # v05 doesn't cluster
            },
            variable_weights=list(variable_weights),
            domain_weights=list(domain_weights),
        )
        return dict(zip(found["variable"], found["weight"], strict=True))

    return run


def test_all_weigh_alike_unless_told_otherwise(weights):
    assert weights() == {"v01": 1, "v02": 1, "v03": 1, "v04": 1}


def test_a_variables_weight_is_its_own_times_its_domains(weights):
    found = weights(["v02=3", "v01 = 0.5"], ["Work=2"])
    assert found == {"v01": 0.5, "v02": 6, "v03": 2, "v04": 1}


def test_a_domain_may_be_named_with_an_equals_sign(weights):
    assert weights([], ["a = b=2"])["v04"] == 2


@pytest.mark.parametrize(
    "setting", ["v01", "v01=", "v01=x", "v01=0", "v01=-1", "v01=inf"]
)
def test_what_is_no_weight_is_refused(weights, setting):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        weights([setting])
    assert f"this is not: variable_weights: {setting}." in str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((["v99=2"], []), "variable_weights: v99"),
        ((["v05=2"], []), "variable_weights: v05"),  # known, but doesn't cluster
        (([], ["Wrok=2"]), "domain_weights: Wrok. Domains: Age, Idle, Work, a = b."),
        (([], ["Idle=2"]), "domain_weights: Idle"),
    ],
)
def test_names_that_the_clusters_are_not_made_from_are_refused(
    weights, arguments, named
):
    with pytest.raises(duckdb.InvalidInputException, match=named):
        weights(*arguments)


def test_two_weights_of_one_variable_are_refused(weights):
    with pytest.raises(
        duckdb.InvalidInputException, match=r"More than one weight .* v01"
    ):
        weights(["v01=2", "v01=3"])


def test_each_variables_share_of_the_variance_counts_its_weight(run_model):
    found = run_model(
        "census.variable_weighting",
        tables={
            "census.variable_profile": PROFILE,
            "census.cluster_variables": PROFILE[:4],
        },
        variable_weights=["v01=2"],
        domain_weights=[],
    ).set_index("variable")
    variances = pd.Series({"v01": 2.0, "v02": 1.0, "v03": 2.0, "v04": 36.0})
    expected = (100 * variances / variances.sum()).to_dict()
    assert found["variance_share"].to_dict() == pytest.approx(expected)
    assert (found["even_share"] == 25).all()
    assert found.index[found["is_dominant"]].tolist() == ["v04"]
