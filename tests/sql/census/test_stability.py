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


def test_the_probability_is_the_share_of_areas_with_this_margin_that_stay(
    run_model, labels
):
    rng = np.random.default_rng(12)
    fit = pd.DataFrame(
        {
            "area": labels["area"],
            "next_supergroup": np.where(labels["cluster"] == "A", "B", "A"),
            "fit": rng.random(AREAS),
        }
    )
    both = pd.concat([labels, labels.assign(level="subgroup")])
    table = run_model(
        "census.area_stability",
        {
            "census.bootstrap_labels": both.to_dict("records"),
            "census.supergroup_fit": fit.to_dict("records"),
            "census.supergroups": labels.rename(columns={"cluster": "supergroup"})[
                ["area", "supergroup"]
            ].to_dict("records"),
        },
    ).set_index("area")
    kept = pd.Series(
        [
            np.mean([name == cluster for name in found])
            for cluster, found in zip(
                labels["cluster"], labels["memberships"], strict=True
            )
        ],
        index=labels["area"],
    )
    assert table["supergroup_kept"].to_dict() == pytest.approx(kept.to_dict())
    order = fit.set_index("area")["fit"].rank().astype(int)
    band = (order - 1) // 3 + 1  # 60 areas in 20 bands
    assert table["margin_band"].to_dict() == band.to_dict()
    expected = kept.groupby(band).transform("mean")
    assert table["keep_probability"].to_dict() == pytest.approx(expected.to_dict())
