"""models_py/kernels/umap_epochs.py: one epoch of UMAP, compiled."""

import numpy as np
import pytest

from models_py.kernels.umap_epochs import REPELLERS, force_table, move_areas

# Shares of the epochs in which an edge pulls; ALWAYS is in each but the first.
QUARTER, ALWAYS = 2**14, 2**16 - 1


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
