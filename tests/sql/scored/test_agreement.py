"""Scores against known classes, by quarter of margin."""

import numpy as np
import pandas as pd


def test_agreement_by_quarter_of_margin_equals_pandas(run_model):
    rng = np.random.default_rng(4)
    scores = pd.DataFrame(
        {
            "area": [f"E{n:03}" for n in range(200)],
            "level": 1,
            "level_name": "supergroup",
            "class": rng.choice(list("AB"), 200),
            "margin": rng.random(200),
            "probability": rng.random(200),
        }
    )
    known = scores[["area", "level"]].assign(**{"class": rng.choice(list("AB"), 200)})
    found = run_model(
        "scored.agreement",
        {"scored.scores": scores, "scored.published_classes": known[:180]},
    ).set_index("margin_quarter")
    both = scores[:180].assign(same=(scores["class"] == known["class"])[:180])
    quarters = pd.qcut(both["margin"], 4, labels=["1", "2", "3", "4"])
    wanted = both.groupby(quarters, observed=True).agg(
        areas=("same", "size"),
        same_class=("same", "sum"),
        expected=("probability", "mean"),
    )
    for quarter, row in wanted.iterrows():
        assert found.loc[quarter, "areas"] == row["areas"] == 45
        assert found.loc[quarter, "same_class"] == row["same_class"]
        assert np.isclose(
            found.loc[quarter, "expected_agreement"], 100 * row["expected"]
        )
    assert np.isclose(found.loc["all", "agreement"], 100 * both["same"].mean())
