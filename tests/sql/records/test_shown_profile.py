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


def drawn_and_shown(run_model, seed):
    """Return a drawn profile, and what of it is shown."""
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
    return profile, found


@pytest.mark.parametrize("seed", range(6))
def test_neither_a_count_nor_a_difference_of_counts_is_small(run_model, seed):
    profile, found = drawn_and_shown(run_model, seed)
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


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({None: 40}, {"matched": 40, "all records": 40}),
        # 41 less 40 would tell the one that has no area.
        ({None: 40, "in no area": 1}, {"matched": 40}),
        ({None: 40, "in no area": 12}, {None: 40, "in no area": 12, "all records": 52}),
        # The next larger is hidden with the small one: 14 may be any two counts.
        (
            {None: 40, "in no area": 12, "unknown postcode": 2},
            {"matched": 40, "other outcomes": 14, "all records": 54},
        ),
        (
            {None: 40, "a": 6, "b": 7, "c": 20},
            {"matched": 40, "c": 20, "other outcomes": 13, "all records": 73},
        ),
        ({None: 3, "a": 50}, {"other outcomes": 53, "all records": 53}),
        ({None: 3}, {}),
        ({"a": 15}, {"a": 15, "all records": 15}),
    ],
)
def test_no_small_count_follows_from_the_summary(run_model, counts, shown):
    rows = [{"reason": reason} for reason, n in counts.items() for _ in range(n)]
    placed = pd.DataFrame(rows).astype({"reason": "string"})
    found = run_model(
        "records.shown_summary", {"records.placed": placed}, smallest_count=SMALLEST
    )
    shown = {outcome or "matched": n for outcome, n in shown.items()}
    assert dict(zip(found["outcome"], found["records"], strict=True)) == shown


def test_the_gains_are_those_of_what_is_shown(run_model):
    _, found = drawn_and_shown(run_model, 1)
    for _, own in found.groupby("level"):
        own = own.sort_values("place_in_order")
        assert own["index_score"].is_monotonic_decreasing
        np.testing.assert_allclose(own["cumulative_share"], own["share"].cumsum())
        x, y = own["cumulative_base_share"] / 100, own["cumulative_share"] / 100
        area = np.trapezoid(np.append(0, y), np.append(0, x))
        # Of curves from (0, 0) on: a base that isn't whole leaves its corner out.
        assert own["gini"].iloc[0] == pytest.approx(2 * area - 1)
