"""models_py/methods/bootstrap_stability.py on planted clusters."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from models_py.methods.bootstrap_stability import bootstrap_scores, nearest_centroids


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray]:
    """Give 240 areas in four well separated places, and the number of each."""
    rng = np.random.default_rng(3)
    centres = np.array([[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]])
    labels = np.repeat(np.arange(4), 60)
    return centres[labels] + rng.normal(0, 0.4, (240, 3)), labels


def test_planted_clusters_come_back_from_every_sample(planted):
    values, labels = planted
    scores = bootstrap_scores(values, {4: labels}, 5, restarts=10, seed=1)
    assert [row["sample"] for row in scores] == [1, 2, 3, 4, 5]
    assert [row["adjusted_rand_index"] for row in scores] == [1.0] * 5


def test_clusters_by_chance_do_not_come_back(planted):
    values, labels = planted
    shuffled = np.random.default_rng(2).permutation(labels)
    scores = bootstrap_scores(values, {4: shuffled}, 3, restarts=5, seed=1)
    assert max(row["adjusted_rand_index"] for row in scores) < 0.1


def test_the_scores_are_those_of_the_samples_own_clusters(planted):
    values, labels = planted
    row = bootstrap_scores(values, {4: labels}, 1, restarts=10, seed=1)[0]
    drawn = np.random.default_rng(1).integers(len(values), size=len(values))
    expected = silhouette_score(values[drawn], labels[drawn])
    assert row["silhouette"] == pytest.approx(expected)


def test_the_nearest_centroid_is_scikit_learns(planted):
    values = planted[0]
    model = KMeans(4, n_init=5, random_state=1).fit(values)
    found = nearest_centroids(values, model.cluster_centers_)
    assert adjusted_rand_score(found, model.labels_) == 1
