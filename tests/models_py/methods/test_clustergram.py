"""models_py/methods/clustergram.py against scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from models_py.methods.cluster_validity import inertia
from models_py.methods.clustergram import labels_by_k


@pytest.fixture(scope="module")
def blobs() -> np.ndarray:
    """Give 90 areas: 50, 30 and 10 around three places, 4 variables."""
    rng = np.random.default_rng(11)
    centres = np.repeat([[0.2] * 4, [0.5, 0.1, 0.9, 0.5], [0.9] * 4], [50, 30, 10], 0)
    return centres + rng.normal(0, 0.03, centres.shape)


@pytest.mark.parametrize("strategy", ["screened", "exhaustive"])
def test_labels_are_numbered_by_size_the_largest_0(blobs, strategy):
    labels = labels_by_k(blobs, 4, 20, strategy, 1)
    assert list(labels) == ["k1", "k2", "k3", "k4"]
    assert np.bincount(labels["k1"]).tolist() == [90]
    assert np.bincount(labels["k3"]).tolist() == [50, 30, 10]
    for numbers in labels.values():
        sizes = np.bincount(numbers)
        assert np.all(np.diff(sizes) <= 0)
        assert numbers.dtype == np.int32


def test_labels_have_scikit_learns_inertia_for_every_k(blobs):
    for k, numbers in enumerate(labels_by_k(blobs, 4, 50, "screened", 1).values(), 1):
        reference = KMeans(k, init="random", n_init=50, random_state=1).fit(blobs)
        assert inertia(blobs, numbers) <= reference.inertia_ * (1 + 1e-6)


def test_k_ends_at_the_number_of_distinct_areas():
    values = np.array([[0.0], [0.0], [0.5], [1.0]])
    assert list(labels_by_k(values, 9, 5, "screened", 1)) == ["k1", "k2", "k3"]


def test_labels_depend_on_the_seed_alone(blobs):
    one, other = (labels_by_k(blobs, 5, 10, "screened", 3) for _ in range(2))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])
