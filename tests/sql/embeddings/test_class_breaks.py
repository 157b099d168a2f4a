"""embeddings.class_breaks on hand-made rows."""

import mapclassify
import numpy as np
import pandas as pd
import pytest

NO_BREAKS = (
    "select null::varchar as variable, null::bigint as class, "
    "null::double as upper_bound where false"
)


def breaks(run_model, values, classes: int, natural=NO_BREAKS) -> pd.DataFrame:
    """Return the classes of one variable v."""
    rows = [
        {"area": f"{number:04}", "variable": "v", "value": float(value)}
        for number, value in enumerate(values)
    ]
    tables = {"embeddings.mapped_values": rows, "embeddings.natural_breaks": natural}
    table = run_model("embeddings.class_breaks", tables, map_classes=classes)
    return table.set_index("scheme")


def uppers(table: pd.DataFrame, scheme: str) -> list[float]:
    """Return a scheme's upper bounds in the order of its classes."""
    return table.loc[[scheme]].sort_values("class")["upper_bound"].tolist()


@pytest.mark.parametrize("classes", [2, 5, 7, 10])
def test_quantiles_and_equal_intervals_equal_mapclassifys(classes, run_model):
    values = np.random.default_rng(4).gamma(2, 10, 101)
    table = breaks(run_model, values, classes)
    quantiles = mapclassify.Quantiles(values, k=classes).bins
    intervals = mapclassify.EqualInterval(values, k=classes).bins
    assert uppers(table, "quantile") == pytest.approx(quantiles, rel=1e-14)
    assert uppers(table, "equal_interval") == pytest.approx(intervals, rel=1e-14)


def test_natural_breaks_come_from_the_step(run_model):
    natural = [
        {"variable": "v", "class": 1, "upper_bound": 2.0},
        {"variable": "v", "class": 2, "upper_bound": 9.0},
    ]
    table = breaks(run_model, [1, 2, 8, 9], 2, natural).loc["natural_breaks"]
    assert table["lower_bound"].tolist() == [1.0, 2.0]
    assert table["label"].tolist() == ["1.00 – 2.00", "2.00 – 9.00"]


def test_few_distinct_values_are_classes_of_their_own_under_each_scheme(run_model):
    table = breaks(run_model, [3, 1, 3, 10], 3)
    assert len(table) == 9
    for scheme in ("quantile", "equal_interval", "natural_breaks"):
        assert table.loc[scheme]["label"].tolist() == ["1", "3", "10"]
        assert table.loc[scheme]["class"].tolist() == [1, 2, 3]


def test_quantiles_that_fall_together_make_one_class(run_model):
    table = breaks(run_model, [0] * 20 + [1, 2, 3, 4, 5], 4).loc[["quantile"]]
    assert table["class"].tolist() == [1, 2]
    assert table["upper_bound"].tolist() == [0, 5]


@pytest.mark.parametrize(
    ("largest", "label"),
    [
        (4000, "0 – 2,000"),
        (40, "0.0 – 20.0"),
        (4, "0.00 – 2.00"),
        (0.4, "0.0000 – 0.2000"),
    ],
)
def test_labels_have_as_many_decimals_as_they_need(largest, label, run_model):
    values = np.linspace(0, largest, 5)
    assert breaks(run_model, values, 2).loc["equal_interval"]["label"].iloc[0] == label
