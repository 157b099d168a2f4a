"""Nearest rows, against scikit-learn's."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from models_py.methods import nearest_rows as method
from models_py.methods.nearest_rows import nearest_rows


@pytest.mark.parametrize("pairs", [400, 20_000_000])
def test_neighbours_and_distances_are_scikit_learns(pairs, monkeypatch):
    monkeypatch.setattr(method, "PAIRS_AT_ONCE", pairs)
    values = np.random.default_rng(3).normal(0.1, 0.02, size=(300, 64))
    expected = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(values)
    distances, others = expected.kneighbors()
    found, apart = nearest_rows(values, 10)
    assert (found == others).all()
    assert apart == pytest.approx(distances, rel=1e-9)


def test_of_equally_near_rows_the_first_are_kept():
    found, apart = nearest_rows(np.zeros((6, 2)), 2)
    assert found[3].tolist() == [0, 1]
    assert (apart == 0).all()


def test_there_are_no_more_neighbours_than_other_rows():
    found, _ = nearest_rows(np.eye(3), 10)
    assert found.tolist() == [[1, 2], [0, 2], [0, 1]]
    assert nearest_rows(np.eye(1), 10)[0].shape == (1, 0)
