"""Spherical k-means, on rows of length 1."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

from models_py.methods.spherical_kmeans import settle_on_sphere


def test_every_row_ends_at_the_direction_that_it_is_nearest_to():
    rng = np.random.default_rng(4)
    values = normalize(rng.normal(size=(400, 5)) * [4, 1, 1, 1, 1])
    start = KMeans(6, n_init=1, random_state=0).fit_predict(values)
    fit = settle_on_sphere(values, start)
    means = [values[fit.labels == k].mean(axis=0) for k in range(6)]
    likeness = cosine_similarity(values, means)
    assert (likeness.argmax(axis=1) == fit.labels).all()
    assert np.allclose(fit.centroids, normalize(means))

    def total(labels):  # what spherical k-means makes as large as it can
        return sum(np.linalg.norm(values[labels == k].sum(axis=0)) for k in range(6))

    assert total(fit.labels) >= total(start)


def test_a_cluster_of_one_row_stays():
    values = normalize(np.array([[1.0, 0.0], [1.0, 0.1], [1.0, 0.2]]))
    assert len(np.unique(settle_on_sphere(values, np.array([0, 1, 0])).labels)) == 2
