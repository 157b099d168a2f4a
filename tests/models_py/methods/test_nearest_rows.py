"""Nearest rows, against scikit-learn's."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from models_py import side_by_side
from models_py.methods import nearest_rows as method
from models_py.methods.nearest_rows import nearest_rows


@pytest.mark.parametrize("rows_at_once", [7, 512])
def test_neighbours_and_distances_are_scikit_learns(rows_at_once, monkeypatch):
    monkeypatch.setattr(method, "BLOCK", rows_at_once)
    monkeypatch.setattr(method, "OTHERS", rows_at_once)
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


def test_copies_beyond_those_wanted_are_the_first_ones():
    """Far more of them than the candidates that single precision may find."""
    values = np.repeat([[0.1, 0.2], [0.3, 0.4]], 80, axis=0)
    found, apart = nearest_rows(values, 3)
    assert found[79].tolist() == [0, 1, 2]
    assert found[80].tolist() == [81, 82, 83]
    assert (apart == 0).all()


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_the_digits_are_the_same_on_any_number_of_cores(cores, monkeypatch):
    values = np.random.default_rng(4).normal(size=(1_300, 16))
    expected = nearest_rows(values, 5)
    monkeypatch.setattr(side_by_side, "core_count", lambda: cores)
    found = nearest_rows(values, 5)
    assert (found[0] == expected[0]).all()
    assert (found[1] == expected[1]).all()


def test_there_are_no_more_neighbours_than_other_rows():
    found, _ = nearest_rows(np.eye(3), 10)
    assert found.tolist() == [[1, 2], [0, 2], [0, 1]]
    assert nearest_rows(np.eye(1), 10)[0].shape == (1, 0)
