"""Clusters are lettered by their number of areas, whatever k-means called them."""

import numpy as np
import pytest

from models_py.kernels.tournament import KMeansFit
from models_py.methods.letters import letter_labels, letters, order_by_size


def test_letters_go_on_after_z():
    assert letters(3) == ["A", "B", "C"]
    assert letters(28)[24:] == ["Y", "Z", "AA", "AB"]
    assert letters(703)[701:] == ["ZZ", "AAA"]


def test_letters_are_all_different():
    assert len(set(letters(2000))) == 2000


def test_no_letters():
    assert letters(0) == []


def test_a_negative_number_of_letters_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        letters(-1)


def test_the_largest_cluster_ranks_first():
    labels = np.array([0, 1, 1, 2, 2, 2])
    assert order_by_size(labels, np.zeros((3, 1))).tolist() == [2, 1, 0]


def test_equal_sizes_are_ordered_by_centroid_first_variable_first():
    labels = np.array([0, 1, 2])
    centroids = np.array([[0.5, 0.1], [0.2, 0.9], [0.2, 0.3]])
    assert order_by_size(labels, centroids).tolist() == [2, 1, 0]


def test_an_empty_cluster_ranks_last():
    labels = np.array([0, 2, 2])
    assert order_by_size(labels, np.zeros((3, 1))).tolist() == [1, 2, 0]


def test_a_label_without_a_centroid_is_refused():
    with pytest.raises(ValueError, match="only 2 centroids"):
        order_by_size(np.array([0, 1, 2]), np.zeros((2, 1)))


def test_letter_labels():
    fit = KMeansFit(np.array([1, 1, 0, 1]), np.array([[0.0], [1.0]]), 0.0)
    assert letter_labels(fit).tolist() == ["A", "A", "B", "A"]


def test_letters_do_not_depend_on_how_clusters_are_numbered():
    random = np.random.default_rng(0)
    labels = random.integers(0, 5, 200)
    centroids = random.random((5, 3))
    renumber = random.permutation(5)
    renumbered = np.empty_like(centroids)
    renumbered[renumber] = centroids
    before = letter_labels(KMeansFit(labels, centroids, 0.0))
    after = letter_labels(KMeansFit(renumber[labels], renumbered, 0.0))
    assert before.tolist() == after.tolist()
