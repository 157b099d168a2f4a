"""census.cluster_profiles, nearest_siblings and distinctive_variables on hand rows."""

import pytest


def score(cluster, variable, index, mean):
    """Return a row of index scores; the region's mean is 20."""
    return {
        "level": "subgroup" if cluster[1:] else "supergroup",
        "cluster": cluster,
        "variable": variable,
        "variable_name": variable.upper(),
        "domain": "Homes",
        "cluster_mean": mean,
        "overall_mean": 20.0,
        "index_score": index,
        "index_score_scaled": index,
        "standard_error": 5.0,
        "band": "",
        "is_clear": True,
    }


SCORES = [
    score("A", "x", 150.0, 30.0),
    score("A", "y", 120.0, 24.0),
    score("B", "x", 75.0, 15.0),
    score("B", "y", 100.0, 20.0),
    score("C", "x", 80.0, 16.0),
    score("C", "y", 90.0, 18.0),
    score("A1", "x", 200.0, 40.0),
    score("A1", "y", 100.0, 20.0),
    score("A2", "x", 100.0, 20.0),
    score("A2", "y", 140.0, 28.0),
    score("B1", "x", 75.0, 15.0),
    score("B1", "y", 100.0, 20.0),
]
PROFILE = [
    {"variable": "x", "variance": 100.0},
    {"variable": "y", "variance": 4.0},
]


def profiles(run_model):
    """Return the profiles."""
    return run_model(
        "census.cluster_profiles",
        tables={
            "census.index_scores": SCORES,
            "census.variable_profile": PROFILE,
        },
    )


def siblings(run_model):
    """Return the nearest siblings by cluster."""
    rows = profiles(run_model).to_dict("records")
    found = run_model(
        "census.nearest_siblings", tables={"census.cluster_profiles": rows}
    )
    return found.set_index("cluster")["sibling"]


def test_strength_is_in_standard_deviations(run_model):
    found = profiles(run_model).set_index(["cluster", "variable"])
    assert found.loc[("A", "x"), "strength"] == 1.0
    assert found.loc[("A", "y"), "strength"] == 2.0
    assert found.loc[("B", "x"), "strength"] == -0.5


def test_the_mean_has_its_standard_error(run_model):
    found = profiles(run_model).set_index(["cluster", "variable"])
    assert found.loc[("A", "x"), "standard_error"] == 1  # 5 per cent of 20
    assert found.loc[("A", "x"), ["cluster_mean", "overall_mean"]].tolist() == [30, 20]


def test_bounds_are_near(run_model):
    found = profiles(run_model).set_index(["cluster", "variable"])["direction"]
    assert found[("A", "x")] == "above"
    assert found[("A", "y")] == "near"  # 120 exactly
    assert found[("C", "x")] == "near"  # 80 exactly
    assert found[("B", "x")] == "below"


def test_a_subgroup_is_held_against_its_supergroup(run_model):
    found = profiles(run_model).set_index(["cluster", "variable"])["contrast"]
    assert found[("A", "x")] == 1.0
    assert found[("A1", "x")] == 1.0
    assert found[("A2", "x")] == -1.0


def test_siblings_are_the_nearest_of_the_same_parent(run_model):
    found = siblings(run_model)
    assert found["A"] == "B"
    assert found["B"] == "C"
    assert found["C"] == "B"
    assert found["A1"] == "A2"
    assert found.isna()["B1"]  # an only child


def test_distinctive_variables_are_ranked_within_their_direction(run_model):
    rows = profiles(run_model).to_dict("records")
    near = run_model("census.nearest_siblings", {"census.cluster_profiles": rows})
    shares = [
        row
        | {"phrase": row["variable"], "unit": "share", "whole": "homes"}
        | {"share": row["cluster_mean"], "overall_share": row["overall_mean"]}
        | {"is_commonest": False, "index_error": 1.0, "is_noticed": True}
        for row in rows
    ]
    found = run_model(
        "census.distinctive_variables",
        tables={
            "census.cluster_shares": shares,
            "census.nearest_siblings": near.to_dict("records"),
        },
    ).set_index(["cluster", "variable"])
    assert set(found.index) == {
        ("A", "x"), ("B", "x"), ("A1", "x"), ("A2", "y"), ("B1", "x"),
    }  # fmt: skip
    assert found.loc[("A1", "x"), "rank"] == 1
    assert found.loc[("A1", "x"), "sibling_index_score"] == 100
    assert found.loc[("A1", "x"), "gap_to_sibling"] == pytest.approx(2.0)
    assert found.loc[("B1", "x"), "gap_to_sibling"] != found.loc[("B1", "x"), "rank"]
