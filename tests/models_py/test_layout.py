"""The compiled loops of UMAP, one by one."""

import numpy as np
import pytest

from models_py.layout import REPELLERS, force_table, keep_greatest, move_areas

# Shares of the epochs in which an edge pulls; ALWAYS is in each but the first.
QUARTER, ALWAYS = 2**14, 2**16 - 1


def greatest_of(numbers: np.ndarray, kept: int, block: int) -> tuple:
    columns = np.zeros((len(numbers), kept), dtype=np.int64)
    greatest = np.full((len(numbers), kept), -np.inf, dtype=np.float32)
    for first in range(0, numbers.shape[1], block):
        keep_greatest(numbers[:, first : first + block], first, greatest, columns)
    return greatest, columns


@pytest.mark.parametrize("block", [7, 100])
def test_the_greatest_numbers_are_those_of_a_sort(block):
    numbers = np.random.default_rng(1).random((20, 50)).astype(np.float32)
    greatest, columns = greatest_of(numbers, 5, block)
    np.testing.assert_array_equal(columns, np.argsort(-numbers, axis=1)[:, :5])
    np.testing.assert_array_equal(greatest, -np.sort(-numbers, axis=1)[:, :5])


@pytest.mark.parametrize("block", [2, 10])
def test_equal_numbers_stay_in_the_order_of_their_columns(block):
    numbers = np.array([[1, 3, 2, 3, 3, 1]], dtype=np.float32)
    _, columns = greatest_of(numbers, 4, block)
    assert columns.tolist() == [[1, 3, 4, 2]]


def moved(places: list[list[float]], share: int, epochs: int = 1) -> np.ndarray:
    """Move area 0, which has one edge, to area 1; the others stay."""
    count = len(places)
    before = np.resize(np.float32(places), (count + REPELLERS - 1, 2))
    starts = np.array([0, 1] + [1] * (count - 1))
    states = np.arange(508, 508 + count, dtype=np.uint64)
    neighbors, shares = np.array([1], np.int32), np.array([share], np.uint16)
    for epoch in range(epochs):
        after = before.copy()
        move_areas(
            *(0, 1, before, after, starts, neighbors, shares),
            *(force_table(1.6, 0.9), np.float32(0.1), epoch, states),
        )
        after[count:] = np.resize(after[:count], (REPELLERS - 1, 2))
        before = after
    return before[:count]


def test_an_edge_pulls_its_area_and_leaves_the_others():
    places = moved([[0, 0], [3, 0]], ALWAYS, 2)
    assert places[0, 0] > 0
    assert places[1].tolist() == [3, 0]


def test_what_is_drawn_pushes_an_area_off():
    # Of 200 areas the neighbour is hardly drawn, and the others stand left of it.
    places = moved([[0, 0], [0, 0], *[[-1, 0]] * 198], ALWAYS, 2)
    assert places[0, 0] > 0


@pytest.mark.parametrize(("epochs", "pulls"), [(3, 0), (4, 1), (7, 1), (8, 2)])
def test_an_edge_with_a_quarter_of_the_strength_pulls_every_fourth_epoch(epochs, pulls):
    weak = moved([[0, 0], [3, 0]], QUARTER, epochs)[0, 0]
    assert (weak > 0) == (pulls > 0)
    if pulls == 2:
        assert weak > moved([[0, 0], [3, 0]], QUARTER, 7)[0, 0]


def test_the_same_seed_draws_the_same_areas():
    random = np.random.default_rng(3).random((50, 2)).tolist()
    np.testing.assert_array_equal(moved(random, ALWAYS, 5), moved(random, ALWAYS, 5))
