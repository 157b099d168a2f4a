"""Stability: whether other samples of areas would have given the same clusters.

Source: C. Hennig (2007), Cluster-wise assessment of cluster stability, Computational
Statistics & Data Analysis 52(1), 258-271: bootstrap samples against the whole.
L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
193-218: the adjusted Rand index.
"""

import numpy as np
import pyarrow as pa

from models_py.kernels.tournament import KMeansFit, count_distinct
from models_py.methods.cluster_validity import score_labels
from models_py.methods.kmeans import fit_drawn
from models_py.methods.label_matching import matched_names
from models_py.side_by_side import in_threads


def bootstrap_scores(
    values: np.ndarray,
    labels: dict[int, np.ndarray],
    samples: int,
    restarts: int,
    seed: int,
) -> list[dict[str, float | int | None]]:
    """Return what each bootstrap sample says of each number of clusters.

    Areas of (n, d) values are drawn with replacement and clustered into each k of
    `labels`; every area then goes to the nearest centroid of that fit, and the adjusted
    Rand index compares this with the labels (n,) of that k. Quality scores are
    those of the sample's own clusters, so their spread over the samples is their
    standard error.
    """
    from sklearn.metrics import adjusted_rand_score  # slow to import for a usual run

    random = np.random.default_rng(seed)
    rows = []
    for number in range(1, samples + 1):
        sample = values[random.integers(len(values), size=len(values))]
        fits = fits_of(sample, sorted(labels), restarts, seed)
        own = pa.table({f"k{k}": fit.labels for k, fit in fits.items()})
        for scores in score_labels(sample, own, seed):
            k = scores["k"]
            nearest = nearest_centroids(values, fits[k].centroids)
            agreement = float(adjusted_rand_score(labels[k], nearest))
            rows.append(
                {"k": k, "sample": number, "adjusted_rand_index": agreement} | scores
            )
    return rows


def fits_of(
    sample: np.ndarray, numbers: list[int], restarts: int, seed: int
) -> dict[int, KMeansFit]:
    """Return the fit of a sample (n, d) for each number of clusters."""

    def fit(k: int) -> KMeansFit:
        return fit_drawn(sample, k, restarts=restarts, seed=seed)

    found = in_threads(fit, [(k,) for k in numbers])
    return dict(zip(numbers, found, strict=True))


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
        count = count_distinct(values[rows], enough=clusters)
        fit = fit_drawn(values[rows], count, restarts=restarts, seed=seed)
        found = nearest_centroids(values, fit.centroids)
        return matched_names(found, names), drawn

    results = in_threads(once, [(number,) for number in range(samples)])
    memberships, drawn = zip(*results, strict=True)
    return np.array(memberships), np.array(drawn)


def nearest_centroids(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the number (n,) of the centroid (k, d) nearest to each row of (n, d)."""
    distances = (centroids**2).sum(axis=1) - 2 * values @ centroids.T
    return distances.argmin(axis=1)
