"""Stability: whether other samples of areas would have given the same clusters.

Source: C. Hennig (2007), Cluster-wise assessment of cluster stability, Computational
Statistics & Data Analysis 52(1), 258-271: bootstrap samples against the whole.
L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
193-218: the adjusted Rand index.
"""

import numpy as np
from sklearn.metrics import adjusted_rand_score

from models_py.kernels.tournament import distinct_rows
from models_py.methods.kmeans import fit_kmeans
from models_py.methods.label_matching import matched_names
from models_py.side_by_side import in_threads


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


def bootstrap_memberships(
    values: np.ndarray, names: np.ndarray, samples: int, restarts: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster of each area by each sample, and whether the sample drew it.

    Areas of (n, d) values, whose clusters bear `names` (n,), are drawn with replacement
    and clustered; every area goes to the nearest centroid, and the clusters take the
    names with which they share most areas. Both results are (samples, n).
    """
    clusters = len(np.unique(names))

    def once(number: int) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng([seed, number])
        rows = random.integers(len(values), size=len(values))
        drawn = np.bincount(rows, minlength=len(values)) > 0
        # A small group may be drawn with fewer areas that differ than it has clusters.
        count = min(clusters, len(distinct_rows(values[rows])[0]))
        fit = fit_kmeans(values[rows], count, restarts=restarts, seed=seed, workers=1)
        found = nearest_centroids(values, fit.centroids)
        return matched_names(found, names), drawn

    results = in_threads(once, [(number,) for number in range(samples)])
    memberships, drawn = zip(*results, strict=True)
    return np.array(memberships), np.array(drawn)


def nearest_centroids(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the number (n,) of the centroid (k, d) nearest to each row of (n, d)."""
    distances = (centroids**2).sum(axis=1) - 2 * values @ centroids.T
    return distances.argmin(axis=1)
