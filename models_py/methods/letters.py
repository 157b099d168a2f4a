"""Letters for clusters that do not depend on the luck of the initialisation.

k-means numbers its clusters in the order in which they happen to start. Here the
cluster with most areas is A, the next B, and so on; after Z comes AA.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Fit(Protocol):
    """What ``letter_labels`` needs of a fit, such as ``kmeans.KMeansFit``."""

    @property
    def labels(self) -> np.ndarray:
        """Cluster number of every area, shape (n,)."""

    @property
    def centroids(self) -> np.ndarray:
        """Mean of every cluster's areas, shape (k, d)."""


def letters(count: int) -> list[str]:
    """Return letters for so many clusters: A to Z, then AA, AB ... as in a sheet.

    Raises ValueError if the count is negative.
    """
    if count < 0:
        raise ValueError(f"A number of letters is 0 or more, but {count} was given.")
    return [_letter(number) for number in range(count)]


def _letter(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA, 702 is AAA."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def letter_order(name: str) -> tuple[int, str]:
    """Return the sort key that puts Z before AA."""
    return len(name), name


def order_by_size(labels: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Rank every cluster number: 0 for the cluster with most areas.

    Clusters of equal size are ordered by their centroids: by the first variable,
    then the second, and so on, smallest first.

    Parameters
    ----------
    labels
        Cluster number of every area, 0 to k-1; shape (n,), integer.
    centroids
        Shape (k, d).

    Returns
    -------
    Shape (k,), integer, the ranks 0 to k-1: ``order_by_size(...)[labels]`` numbers
    the areas' clusters by size.

    """
    clusters = len(centroids)
    sizes = np.bincount(labels, minlength=clusters)
    if len(sizes) > clusters:
        raise ValueError(
            f"The labels run to {len(sizes) - 1}, but there are only {clusters} "
            "centroids."
        )
    # lexsort takes the most important key last.
    order = np.lexsort((*centroids.T[::-1], -sizes))
    rank = np.empty(clusters, dtype=np.intp)
    rank[order] = np.arange(clusters)
    return rank


def letter_labels(fit: Fit) -> np.ndarray:
    """Return the letter of every area's cluster, shape (n,); A is the largest."""
    rank = order_by_size(fit.labels, fit.centroids)
    return np.array(letters(len(fit.centroids)))[rank[fit.labels]]
