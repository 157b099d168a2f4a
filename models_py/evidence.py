"""Evidence for the choice of k: the gap statistic and stability under resampling.

Sources
-------
- R. Tibshirani, G. Walther and T. Hastie (2001), Estimating the number of clusters in
  a data set via the gap statistic, Journal of the Royal Statistical Society B 63(2),
  411-423.
- C. Hennig (2007), Cluster-wise assessment of cluster stability, Computational
  Statistics & Data Analysis 52(1), 258-271: bootstrap samples against the whole.
- L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
  193-218: the adjusted Rand index.
"""

from typing import NamedTuple

import numpy as np

# Of more areas than this a fixed sample stands for all, in the repeated fits alone.
SAMPLE_AREAS = 10_000


class Repeated(NamedTuple):
    """A mean over repetitions and their standard deviation, for one k."""

    mean: float
    spread: float


def sampled_rows(areas: int, seed: int) -> np.ndarray:
    """Return the rows of all areas, or of SAMPLE_AREAS drawn at random, in order."""
    if areas <= SAMPLE_AREAS:
        return np.arange(areas)
    random = np.random.default_rng(seed)
    return np.sort(random.choice(areas, size=SAMPLE_AREAS, replace=False))


def reference_rows(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw rows without clusters, shaped like (n, d) values.

    Uniform over a box along the principal components: Tibshirani et al.'s choice (b).
    """
    mean = values.mean(axis=0)
    _, _, axes = np.linalg.svd(values - mean, full_matrices=False)
    turned = (values - mean) @ axes.T
    drawn = random.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)
    return drawn @ axes + mean


def reference_log_inertias(
    values: np.ndarray, largest: int, references: int, restarts: int, seed: int
) -> dict[int, Repeated]:
    """Return log inertia over reference sets without clusters, for k from 1.

    `values` is (n, d). The spread is that of the reference sets, divided by their
    number (not one less), as in the paper.
    """
    from models_py.kmeans import fit_kmeans

    random = np.random.default_rng(seed)
    drawn = [reference_rows(values, random) for _ in range(references)]
    logs = {
        k: [
            np.log(fit_kmeans(rows, k, restarts=restarts, seed=seed).inertia)
            for rows in drawn
        ]
        for k in range(1, largest + 1)
    }
    return {k: Repeated(float(np.mean(v)), float(np.std(v))) for k, v in logs.items()}


def bootstrap_agreement(
    values: np.ndarray, labels: np.ndarray, samples: int, restarts: int, seed: int
) -> list[float]:
    """Return the adjusted Rand index of `labels` (n,) with each bootstrap sample's fit.

    Areas of (n, d) values are drawn with replacement and clustered; every area then
    goes to the nearest centroid of that fit, and both partitions of all are compared.
    """
    from sklearn.metrics import adjusted_rand_score

    from models_py.kmeans import fit_kmeans

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
