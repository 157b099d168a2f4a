"""census.area_stability and census.cluster_stability, against pandas."""

import numpy as np
import pandas as pd
import pytest

AREAS, SAMPLES = 60, 9


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    """Give two clusters whose areas some samples put elsewhere or don't draw."""
    rng = np.random.default_rng(11)
    cluster = np.where(np.arange(AREAS) < 40, "A", "B")
    strays = rng.random((AREAS, SAMPLES)) < 0.2
    other = np.where(cluster == "A", "B", "A")
    found = np.where(strays, other[:, np.newaxis], cluster[:, np.newaxis])
    return pd.DataFrame(
        {
            "level": "supergroup",
            "area": [f"E{n:02}" for n in range(AREAS)],
            "cluster": cluster,
            "memberships": found.tolist(),
            "drawn": (rng.random((AREAS, SAMPLES)) < 0.63).tolist(),
        }
    )


def test_jaccard_is_that_of_sets(run_model, labels):
    table = run_model(
        "census.cluster_stability",
        {"census.bootstrap_labels": labels.to_dict("records")},
    ).set_index("cluster")
    for cluster in "AB":
        best = []
        for number in range(SAMPLES):
            drawn = labels[[row[number] for row in labels["drawn"]]]
            own = set(drawn.loc[drawn["cluster"] == cluster, "area"])
            found = drawn["memberships"].str[number]
            others = [set(drawn.loc[found == name, "area"]) for name in "AB"]
            best.append(max(len(own & s) / len(own | s) for s in others))
        row = table.loc[cluster]
        assert row["jaccard"] == pytest.approx(np.mean(best))
        assert row["smallest_jaccard"] == pytest.approx(min(best))
        assert row["times_dissolved"] == sum(value <= 0.5 for value in best)
        assert row["samples"] == SAMPLES


def test_an_area_is_as_stable_as_the_samples_that_leave_it(run_model, labels):
    both = pd.concat([labels, labels.assign(level="subgroup")])
    fit = [
        {"area": area, "next_supergroup": "B", "fit": 0.5, "keep_probability": 0.75}
        for area in labels["area"]
    ]
    table = run_model(
        "census.area_stability",
        {
            "census.bootstrap_labels": both.to_dict("records"),
            "census.supergroup_fit": fit,
            "census.keep_probabilities": fit,
            "census.supergroups": labels.rename(columns={"cluster": "supergroup"})[
                ["area", "supergroup"]
            ].to_dict("records"),
        },
    ).set_index("area")
    kept = [
        np.mean([name == cluster for name in found])
        for cluster, found in zip(labels["cluster"], labels["memberships"], strict=True)
    ]
    assert table["supergroup_kept"].to_list() == pytest.approx(kept)
    assert table["subgroup_kept"].to_list() == pytest.approx(kept)


def test_the_probability_is_the_share_of_trials_that_keep_areas_of_this_margin(
    run_model,
):
    rng = np.random.default_rng(12)
    areas = pd.DataFrame({"area": [f"E{n:03}" for n in range(90)]})
    areas["fit"] = rng.permutation(90) / 100
    tried = areas.head(60).assign(level=1, support=rng.random(60))
    table = run_model(
        "census.keep_probabilities",
        {
            "census.supergroup_fit": areas.to_dict("records"),
            "census.area_support": tried.to_dict("records"),
        },
    ).set_index("area")
    ordered = tried.sort_values("fit").assign(band=np.arange(60) // 3)  # 20 of three
    chances = ordered.groupby("band").agg(
        fit=("fit", "min"), expected=("support", "mean")
    )
    chances.loc[0, "fit"] = -1
    joined = pd.merge_asof(areas.sort_values("fit"), chances, on="fit")
    assert table["keep_probability"][joined["area"]].to_list() == pytest.approx(
        joined["expected"].to_list()
    )
