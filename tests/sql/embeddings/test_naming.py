"""The models that name the embedding clusters: the census job's, but for three."""

from pathlib import Path

import pytest

SQL = Path(__file__).parents[3] / "sql"
SHARED = [
    *["naming_words", "variable_words", "nearest_siblings", "distinctive_variables"],
    *["rule_names", "rule_portraits", "named_members", "given_names", "name_claims"],
    *["name_mentions", "name_problems", "name_log", "cluster_names", "naming_briefs"],
    *["cluster_descriptions", "portraits"],
]


@pytest.mark.parametrize("model", SHARED)
def test_what_is_tested_on_census_is_the_same_here(model):
    census = (SQL / "census" / f"{model}.sql").read_text("utf-8")
    here = (SQL / "embeddings" / f"{model}.sql").read_text("utf-8")
    assert here == census.replace("census.", "embeddings.")


def profile(variable, mean, overall, kind="socio-economic"):
    """Return a row of the clusters' profile."""
    return {
        "cluster": "A",
        "variable": variable,
        "kind": kind,
        "cluster_mean": mean,
        "overall_mean": overall,
        "standardised_difference": (mean - overall) / 10,
    }


def test_only_socio_economic_variables_give_meaning(run_model):
    found = run_model(
        "embeddings.cluster_profiles",
        tables={
            "embeddings.cluster_profile": [
                profile("health", 30.0, 20.0),
                profile("A07", 30.0, 20.0, "embedding"),
            ]
        },
    )
    assert found["variable"].tolist() == ["health"]
    assert found.loc[0, "index_score"] == 150
    assert found.loc[0, "direction"] == "above"
    assert found.loc[0, "strength"] == 1


def test_a_scale_that_goes_below_zero_vouches_for_nothing(run_model):
    found = run_model(
        "embeddings.cluster_profiles",
        tables={
            "embeddings.cluster_profile": [
                profile("a", 30.0, -20.0),
                profile("b", -3.0, 20.0),
                profile("c", 3.0, 0.0),
            ]
        },
    )
    assert found["index_score"].isna().all()
    assert set(found["direction"]) == {"near"}


def test_members_and_snapshot(run_model):
    clusters = [{"area": "E1", "cluster": "A"}, {"area": "E2", "cluster": "B"}]
    members = run_model(
        "embeddings.cluster_members", tables={"embeddings.clusters": clusters}
    )
    assert members["cluster"].tolist() == ["A", "B"]
    assert set(members["level"]) == {"cluster"}
    found = run_model(
        "embeddings.naming_snapshot",
        tables={"embeddings.cluster_members": members.to_dict("records")},
        areas_path="/some/where/london_2024.geojson",
    )
    assert found.loc[0, "region"] == "london_2024"
    assert len(found.loc[0, "snapshot"]) == 16
