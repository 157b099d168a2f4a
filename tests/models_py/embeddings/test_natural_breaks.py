"""The step natural_breaks and the function that it uses."""

import mapclassify
import numpy as np
import pyarrow as pa
import pytest

from models_py.breaks import natural_bounds, numpy_seed
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
    table = natural_breaks(mapped(v=VALUES, w=-VALUES), 6, 42).to_pandas()
    assert table["class"].tolist() == [1, 2, 3, 4, 5, 6] * 2
    bounds = table.groupby("variable")["upper_bound"]
    assert bounds.apply(lambda b: b.is_monotonic_increasing).all()
    assert bounds.max().tolist() == [VALUES.max(), -VALUES.min()]


def test_a_variable_with_few_distinct_values_has_no_classes():
    table = natural_breaks(mapped(decile=np.tile(np.arange(10), 5)), 10, 42)
    assert table.column_names == ["variable", "class", "upper_bound"]
    assert table.num_rows == 0


def test_bounds_are_mapclassifys_and_near_the_optimum():
    bounds = natural_bounds(VALUES, 6, 42)

    def within(cuts: list[float]) -> float:
        classes = np.searchsorted(cuts, VALUES)
        return sum(
            np.square(VALUES[classes == n] - VALUES[classes == n].mean()).sum()
            for n in np.unique(classes)
        )

    best = mapclassify.FisherJenks(VALUES, k=6).bins
    assert within(bounds) <= 1.01 * within(best)


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_seed_gives_the_same_bounds_whatever_the_order(order):
    assert natural_bounds(VALUES[::order], 7, 3) == natural_bounds(VALUES, 7, 3)


def test_numpys_own_generator_is_left_as_it_was():
    np.random.seed(1)
    expected = np.random.random(2)[1]
    np.random.seed(1)
    np.random.random()
    with numpy_seed(42):
        np.random.random()
    assert np.random.random() == expected
