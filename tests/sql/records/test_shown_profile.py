"""What the page may show of a user's records: no count below smallest_count follows."""

import numpy as np
import pandas as pd
import pytest

SMALLEST = 10
LEVELS = {1: "supergroup", 2: "group"}


def drawn(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draw the classes of areas, 3 supergroups of 3 groups each, and their records."""
    rng = np.random.default_rng(seed)
    groups = [f"{one}{two}" for one in "123" for two in "abc"]
    counts = pd.Series(rng.choice([0, 1, 4, 9, 10, 12, 40], len(groups)), groups)
    areas = [{"area": f"E{n}", 2: g, 1: g[0]} for n, g in enumerate(groups)]
    classes = pd.DataFrame(areas).melt("area", var_name="level", value_name="class")
    rows = []
    for level in LEVELS:
        for code, own in counts.groupby(counts.index.str[:level]):
            rows.append({"level": level, "class": code, "cases": int(own.sum())})
    profile = pd.DataFrame(rows).assign(
        level_name=lambda p: p["level"].map(LEVELS), class_name=None, base=100.0
    )
    profile["records"] = profile["cases"].astype(float)
    share = profile.groupby("level")["records"].transform("sum")
    profile["share"] = 100 * profile["records"] / share.where(share > 0)
    profile = profile.assign(
        base_share=10.0, index_low=1.0, index_high=2.0, z=0.5, index_score=100.0
    )
    plan = profile[["level", "class"]].assign(place="all", plan="core")
    return classes, profile, plan


@pytest.mark.parametrize("seed", range(6))
def test_neither_a_count_nor_a_difference_of_counts_is_small(run_model, seed):
    classes, profile, plan = drawn(seed)
    found = run_model(
        "records.shown_profile",
        {
            "records.classes": classes,
            "records.profile": profile,
            "records.game_plan": plan,
        },
        smallest_count=SMALLEST,
    )
    assert (found["cases"] >= SMALLEST).all()
    true = profile.set_index(["level", "class"])["cases"]
    named = found.dropna(subset="class").set_index(["level", "class"])["cases"]
    assert named.to_dict() == true[named.index].to_dict()
    for level in LEVELS:
        of_level = named[named.index.get_level_values("level") == level]
        rest = true[level].sum() - of_level.sum()
        assert rest == 0 or rest >= SMALLEST or of_level.empty
        others = found[found["class"].isna() & (found["level"] == level)]
        assert others["cases"].tolist() == ([rest] if rest >= SMALLEST else [])
    for one in "123":
        inner = named[[key for key in named.index if key[1][:1] == one and key[0] == 2]]
        if (1, one) in named.index:
            rest = named[1, one] - inner.sum()
            assert rest == 0 or rest >= SMALLEST
        else:
            assert inner.empty
