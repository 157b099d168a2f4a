"""The step natural_breaks and the function that it uses."""

from itertools import combinations

import mapclassify
import numpy as np
import pyarrow as pa
import pytest

from models_py.methods.natural_breaks import natural_bounds
from models_py.embeddings.natural_breaks import natural_breaks

VALUES = np.random.default_rng(6).gamma(2, 10, 300)


def mapped(**variables: np.ndarray) -> pa.Table:
    """Return variables in the layout of mapped_values."""
    return pa.table(
        {
            "area": [
                f"E{n}" for values in variables.values() for n, _ in enumerate(values)
            ],
            "variable": [name for name, values in variables.items() for _ in values],
            "value": np.concatenate(list(variables.values())).astype(float),
        }
    )


def test_each_variable_has_its_classes_the_last_of_which_ends_at_the_largest():
    table = natural_breaks(mapped(v=VALUES, w=-VALUES), 6).to_pandas()
    assert table["class"].tolist() == [1, 2, 3, 4, 5, 6] * 2
    bounds = table.groupby("variable")["upper_bound"]
    assert bounds.apply(lambda b: b.is_monotonic_increasing).all()
    assert bounds.max().tolist() == [VALUES.max(), -VALUES.min()]


def test_a_variable_with_few_distinct_values_has_no_classes():
    table = natural_breaks(mapped(decile=np.tile(np.arange(10), 5)), 10)
    assert table.column_names == ["variable", "class", "upper_bound"]
    assert table.num_rows == 0


@pytest.mark.parametrize("classes", [2, 5, 10])
@pytest.mark.parametrize("values", [VALUES, np.round(VALUES)], ids=["distinct", "ties"])
def test_bounds_are_those_of_mapclassifys_fisher_jenks(values, classes):
    expected = mapclassify.FisherJenks(values, k=classes).bins
    assert natural_bounds(values, classes) == expected.tolist()


@pytest.mark.parametrize("offset", [0, 1e6])
def test_no_other_bounds_have_less_squares(offset):
    """Far from zero, squares of the values themselves would lose what differs."""
    values = VALUES[:12] + offset

    def squares(bounds: tuple[float, ...]) -> float:
        parts = np.split(np.sort(values), np.searchsorted(np.sort(values), bounds) + 1)
        return sum(np.square(part - part.mean()).sum() for part in parts if len(part))

    others = combinations(np.sort(values)[:-1], 3)
    best = min(others, key=squares)
    assert natural_bounds(values, 4) == [*best, values.max()]


def test_as_many_classes_as_all_values_but_one_join_the_nearest_two():
    assert natural_bounds(np.array([1.0, 2, 3, 3.5, 5, 5]), 4) == [1, 2, 3.5, 5]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_values_makes_no_difference(order):
    assert natural_bounds(VALUES[::order], 7) == natural_bounds(VALUES, 7)
