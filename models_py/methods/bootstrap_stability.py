"""Stability: whether other samples of areas would have given the same clusters.

Source: C. Hennig (2007), Cluster-wise assessment of cluster stability, Computational
Statistics & Data Analysis 52(1), 258-271: bootstrap samples against the whole.
L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
193-218: the adjusted Rand index.
"""

import numpy as np
from sklearn.metrics import adjusted_rand_score

from models_py.methods.kmeans import fit_kmeans


def bootstrap_agreement(
    values: np.ndarray, labels: np.ndarray, samples: int, restarts: int, seed: int
) -> list[float]:
    """Return the adjusted Rand index of `labels` (n,) with each bootstrap sample's fit.

    Areas of (n, d) values are drawn with replacement and clustered; every area then
    goes to the nearest centroid of that fit, and both partitions of all are compared.
    """
    clusters = len(np.unique(labels))
    random = np.random.default_rng(seed)
    agreements = []
    for _ in range(samples):
        rows = random.integers(len(values), size=len(values))
        fit = fit_kmeans(values[rows], clusters, restarts=restarts, seed=seed)
        nearest = nearest_centroids(values, fit.centroids)
        agreements.append(float(adjusted_rand_score(labels, nearest)))
    return agreements


def nearest_centroids(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the number (n,) of the centroid (k, d) nearest to each row of (n, d)."""
    distances = (centroids**2).sum(axis=1) - 2 * values @ centroids.T
    return distances.argmin(axis=1)
