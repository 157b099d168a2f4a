"""Records against base: profile, gains and game plan beside pandas and statsmodels."""

import duckdb
import numpy as np
import pandas as pd
import pytest

RNG = np.random.default_rng(12)
AREAS = pd.DataFrame(
    {
        "area": [f"E{n:03}" for n in range(120)],
        "district": RNG.choice(["W1", "W2"], 120),
        "base": RNG.integers(50, 400, 120).astype(float),
    }
)
CLASSES = pd.DataFrame(
    {
        "area": AREAS["area"],
        "level": 1,
        "level_name": "supergroup",
        "class": RNG.choice(list("ABC"), 120),
        "class_name": None,
    }
)
MATCHED = pd.DataFrame(
    {
        "record": range(300),
        "weight": RNG.choice([1.0, 2.5], 300),
        "area": RNG.choice(AREAS["area"], 300),
    }
)


@pytest.fixture
def profiles(run_model):
    """Give a function from records, classes and areas to the profiles."""

    def run(matched=MATCHED, classes=CLASSES, areas=AREAS, smallest_count=10):
        return run_model(
            "records.profiles",
            {
                "records.matched": matched,
                "records.classes": classes,
                "records.region_areas": areas,
            },
            smallest_count=smallest_count,
            base="residents",
        )

    return run


@pytest.mark.parametrize("place", ["all", "W1"])
def test_counts_shares_and_index_equal_pandas(profiles, place):
    found = profiles().query("place == @place").set_index("class")
    areas = AREAS if place == "all" else AREAS[AREAS["district"] == place]
    classed = areas.merge(CLASSES, on="area")
    records = MATCHED.merge(classed, on="area")
    base = classed.groupby("class")["base"].sum()
    counted = records.groupby("class")["weight"].sum()
    np.testing.assert_allclose(found["base"], base)
    np.testing.assert_allclose(found["records"], counted)
    np.testing.assert_allclose(found["penetration"], 100 * counted / base)
    index = 100 * (counted / counted.sum()) / (base / base.sum())
    np.testing.assert_allclose(found["index_score"], index)
    assert list(found["cases"]) == list(records.groupby("class").size())


def test_wilsons_interval_and_z_equal_their_formulas(profiles):
    found = profiles().query("place == 'all'")
    weights = MATCHED["weight"]
    n = weights.sum() ** 2 / (weights**2).sum()  # Kish's effective number
    p, base = found["share"] / 100, found["base_share"] / 100
    # The ends solve |p - end| = 1.96 √(end (1 - end) / n).
    for end in (found["share_low"] / 100, found["share_high"] / 100):
        np.testing.assert_allclose(
            abs(p - end), 1.96 * np.sqrt(end * (1 - end) / n), rtol=1e-9
        )
    z = (p - base) / np.sqrt(base * (1 - base) / n)
    np.testing.assert_allclose(found["z"], z, rtol=1e-9)


def test_a_class_without_base_has_no_index_rather_than_an_infinite_one(profiles):
    empty = AREAS.assign(base=AREAS["base"].where(CLASSES["class"] != "C", 0))
    found = profiles(areas=empty).query("place == 'all'").set_index("class")
    assert pd.isna(found.loc["C", "index_score"])
    assert found.loc["C", "records"] > 0
    assert np.isfinite(found.loc[["A", "B"], "index_score"]).all()


def test_a_base_of_nothing_is_refused(profiles):
    with pytest.raises(duckdb.Error, match="The base is 0 in the whole region"):
        profiles(areas=AREAS.assign(base=0.0))


def test_small_counts_are_flagged(profiles):
    found = profiles(smallest_count=60)
    assert list(found["is_small"]) == list(found["cases"] < 60)
    assert found["is_small"].any() and not found["is_small"].all()


def test_classes_without_records_are_listed_with_none(profiles):
    only = MATCHED[MATCHED["area"].isin(CLASSES.query("`class` == 'A'")["area"])]
    found = profiles(matched=only).query("place == 'all'").set_index("class")
    assert list(found["records"] > 0) == [True, False, False]
    assert list(found.loc[["B", "C"], "index_score"]) == [0, 0]
    assert list(found.loc[["B", "C"], "share_low"]) == [0, 0]


def test_gains_and_gini_equal_numpys(run_model):
    share, base = np.array([50.0, 30.0, 20.0]), np.array([20.0, 40.0, 40.0])
    found = run_model(
        "records.gains",
        {
            "records.profile": [
                {
                    "level": 1,
                    "level_name": "supergroup",
                    "class": code,
                    "class_name": None,
                    "share": s,
                    "base_share": b,
                    "index_score": 100 * s / b,
                }
                for code, s, b in zip("BAC", share, base, strict=True)
            ]
        },
    ).sort_values("place_in_order")
    assert list(found["class"]) == ["B", "A", "C"]
    np.testing.assert_allclose(found["cumulative_share"], np.cumsum(share))
    np.testing.assert_allclose(found["cumulative_base_share"], np.cumsum(base))
    x = np.concatenate([[0], np.cumsum(base)]) / 100
    y = np.concatenate([[0], np.cumsum(share)]) / 100
    assert found["gini"].iloc[0] == pytest.approx(2 * np.trapezoid(y, x) - 1)


@pytest.mark.parametrize(
    ("index", "share", "small", "plan"),
    [
        (150, 20, False, "core"),
        (150, 5, False, "niche"),
        (100, 20, False, "developing"),
        (100, 5, False, "the rest"),
        (60, 40, False, "the rest"),
        (150, 20, True, "too few"),
        (None, 20, False, "too few"),
    ],
)
def test_the_game_plan_by_its_thresholds(run_model, index, share, small, plan):
    sql = (
        "select 'all' as place, 1 as level, 'supergroup' as level_name, 'A' as class, "
        f"'' as class_name, 5.0 as records, {share}::double as share, 1 as base_share, "
        f"1 as penetration, {index or 'null'}::double as index_score, "
        f"{small} as is_small"
    )
    found = run_model(
        "records.game_plan",
        {"records.profiles": sql},
        high_index=120,
        low_index=80,
        large_share=10,
    )
    assert found["plan"].tolist() == [plan]


def test_the_summary_adds_up(run_model):
    rows = [{"reason": r, "weight": 2.0} for r in (None, None, "unknown postcode")]
    found = run_model(
        "records.record_summary",
        {
            "records.placed": "from (values (null, 2.0), (null, 2.0), "
            "('unknown postcode', 2.0)) t(reason, weight)"
        },
    ).set_index("outcome")
    assert found["records"].to_dict() == {
        "all records": len(rows),
        "matched": 2,
        "unknown postcode": 1,
    }


def test_a_pattern_of_districts_makes_the_region(run_model):
    found = run_model(
        "records.region_areas",
        {
            "records.classes": [{"area": a} for a in ("E1", "E2", "E3")],
            "records.area_districts": [
                {"area": "E1", "district": "E09000001"},
                {"area": "E2", "district": "E08000001"},
            ],
            "records.base_counts": [{"area": "E1", "base": 7.0}],
        },
        districts=["E09*"],
        base="residents",
    )
    assert found[["area", "base"]].values.tolist() == [["E1", 7.0]]


def test_an_areas_district_is_that_of_most_of_its_postcodes(run_model):
    found = run_model(
        "records.area_districts",
        {
            "records.directory": [
                {"area": "E1", "district": d} for d in ("W2", "W1", "W2")
            ]
        },
    )
    assert found.values.tolist() == [["E1", "W2"]]
