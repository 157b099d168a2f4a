"""models_py/methods/natural_breaks.py against mapclassify and all other bounds."""

from itertools import combinations

import mapclassify
import numpy as np
import pytest

from models_py.methods.natural_breaks import natural_bounds

VALUES = np.random.default_rng(6).gamma(2, 10, 300)


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
