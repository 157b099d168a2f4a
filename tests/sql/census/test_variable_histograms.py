"""census.variable_histograms against NumPy."""

import numpy as np
import pandas as pd
import pytest


def bars(run_model, published: list[float], scaled: list[float] | None = None):
    """Return the histogram of one variable, by stage and bar."""

    def rows(values):
        return [{"area": f"E{n:04}", "v01": float(v)} for n, v in enumerate(values)]

    return run_model(
        "census.variable_histograms",
        tables={
            "census.region_variables": rows(published),
            "census.scaled_variables": rows(scaled or published),
        },
    ).set_index(["stage", "bar"])


def test_bars_equal_numpys(run_model):
    values = np.random.default_rng(3).gamma(2, 5, 500)
    scaled = np.random.default_rng(4).random(500)
    found = bars(run_model, list(values), list(scaled))
    for stage, column in (("published", values), ("scaled", scaled)):
        counts, edges = np.histogram(column, bins=20)
        mine = found.loc[stage].reindex(range(1, 21))
        np.testing.assert_array_equal(mine["areas"].fillna(0), counts)
        there = counts > 0
        np.testing.assert_allclose(mine["lower_bound"][there], edges[:-1][there])
        np.testing.assert_allclose(mine["upper_bound"][there], edges[1:][there])


def test_the_largest_value_belongs_to_the_last_bar(run_model):
    found = bars(run_model, [0, 5, 100]).loc["published"]
    assert found["areas"].to_dict() == {1: 1, 2: 1, 20: 1}
    assert found.loc[20, "upper_bound"] == 100


def test_a_value_between_two_bars_belongs_to_the_higher(run_model):
    found = bars(run_model, [0, 1, 20]).loc["published"]
    assert found["areas"].to_dict() == {1: 1, 2: 1, 20: 1}


def test_a_constant_fills_one_bar_without_width(run_model):
    found = bars(run_model, [7, 7, 7]).loc["published"]
    assert found.to_dict("records") == [
        {"variable": "v01", "lower_bound": 7, "upper_bound": 7, "areas": 3}
    ]


@pytest.mark.parametrize("largest", [0.01, 0.07, 99.99])
def test_each_area_stands_in_one_bar(run_model, largest):
    values = np.round(np.linspace(0, largest, 101), 2)
    found = bars(run_model, list(values))
    assert found.groupby("stage")["areas"].sum().to_dict() == {
        "published": 101,
        "scaled": 101,
    }
    numbers = pd.Series(found.index.get_level_values("bar"))
    assert numbers.between(1, 20).all()
