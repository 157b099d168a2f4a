"""models_py/kernels/silhouette.py against SciPy's distances."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from models_py import side_by_side
from models_py.kernels import silhouette
from models_py.kernels.silhouette import distance_sums


@pytest.mark.parametrize("block", [7, 400])
def test_sums_are_those_of_scipys_distances(block, monkeypatch):
    """Of two areas in one place 1e-8 may remain; blocks that the areas don't fill."""
    monkeypatch.setattr(silhouette, "BLOCK", block)
    values = np.random.default_rng(4).normal(size=(90, 5))
    values[1] = values[0]
    member = np.eye(3)[np.arange(90) % 3]
    expected = cdist(values, values) @ member
    np.testing.assert_allclose(distance_sums(values, member), expected, atol=1e-6)


def test_sums_are_the_same_on_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(silhouette, "BLOCK", 16)
    values = np.random.default_rng(5).normal(size=(300, 5))
    member = np.eye(4)[np.arange(300) % 4]
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(side_by_side, "core_count", lambda threads=threads: threads)
        found.append(distance_sums(values, member))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
