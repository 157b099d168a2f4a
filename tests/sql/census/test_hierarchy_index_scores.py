"""census.hierarchy_index_scores against pandas."""

import numpy as np
import pandas as pd
import pytest

RNG = np.random.default_rng(5)
AREAS = [f"E{number:02}" for number in range(30)]
DEEPEST = pd.Series(RNG.choice(["A1a", "A1b", "A2a", "B1a", "B1b"], 30), AREAS)
PUBLISHED = pd.DataFrame(
    RNG.gamma(2, 10, (30, 3)), index=pd.Index(AREAS, name="area"), columns=list("xyz")
)
PUBLISHED["nought"] = 0.0


@pytest.fixture
def scores(run_model) -> pd.DataFrame:
    """Give the index scores of three levels."""
    levels = {f"level_{number}": DEEPEST.str[:number] for number in (1, 2, 3)}
    hierarchy = pd.DataFrame({**levels, "deepest_cluster": DEEPEST})
    clusters = {
        code[:number]: {"level": number, "cluster": code[:number]}
        for code in DEEPEST
        for number in (1, 2, 3)
    }
    return run_model(
        "census.hierarchy_index_scores",
        tables={
            "census.region_variables": PUBLISHED.reset_index().to_dict("records"),
            "census.hierarchy": hierarchy.rename_axis("area")
            .reset_index()
            .to_dict("records"),
            "census.hierarchy_clusters": list(clusters.values()),
            "census.variable_lookup": [
                {"variable": "x", "variable_name": "No car", "domain": "Transport"}
            ],
        },
    ).set_index(["cluster", "variable"])


def mean_of(prefix: str, variable: str) -> float:
    """Return the mean over the areas whose deepest cluster begins so."""
    return PUBLISHED.loc[DEEPEST.str.startswith(prefix), variable].mean()


@pytest.mark.parametrize("cluster", ["A", "B", "A1", "A2", "B1", "A1a", "A2a", "B1b"])
@pytest.mark.parametrize("variable", list("xyz"))
def test_scores_against_region_and_parent_are_pandas(scores, cluster, variable):
    row, mean = scores.loc[(cluster, variable)], mean_of(cluster, variable)
    parent, overall = mean_of(cluster[:-1], variable), mean_of("", variable)
    assert row["level"] == len(cluster)
    assert row["cluster_mean"] == pytest.approx(mean)
    assert row["parent_mean"] == pytest.approx(parent)
    assert row["overall_mean"] == pytest.approx(overall)
    assert row["index_score"] == pytest.approx(100 * mean / overall)
    assert row["index_score_in_parent"] == pytest.approx(100 * mean / parent)
    values = PUBLISHED.loc[DEEPEST.str.startswith(cluster), variable]
    error = 100 * values.sem() / np.array([overall, parent])
    columns = ["standard_error", "standard_error_in_parent"]
    assert row[columns].tolist() == pytest.approx(error.tolist(), nan_ok=True)
    scores_of = row[["index_score", "index_score_in_parent"]].to_numpy(float)
    gap = np.minimum(abs(scores_of - 80), abs(scores_of - 120))
    assert (
        row[["is_clear", "is_clear_in_parent"]].tolist() == (gap > 2 * error).tolist()
    )
    assert row["areas"] == len(values)


def test_each_cluster_of_each_level_has_each_variable(scores):
    assert len(scores) == (2 + 3 + 5) * 4
    assert scores.loc[("A1", "x"), "variable_name"] == "No car"
    assert scores.loc[("A1", "y"), "variable_name"] == "y"


def test_the_region_is_the_parent_of_the_first_level(scores):
    first = scores[scores["level"] == 1]
    assert first["parent"].isna().all()
    assert (first["parent_mean"] == first["overall_mean"]).all()


def test_an_only_child_scores_100_against_its_parent(scores):
    assert scores.loc[("A2a", "x"), "index_score_in_parent"] == pytest.approx(100)
    assert scores.loc[("A2a", "x"), "band_in_parent"] == "80-120"


def test_against_a_mean_of_0_there_is_no_score(scores):
    nought = scores.loc[("A1a", "nought")]
    columns = ["index_score", "band", "index_score_in_parent", "band_in_parent"]
    assert nought[columns].isna().all()
