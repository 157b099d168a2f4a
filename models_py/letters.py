"""Letters for clusters, by a rule and not by the luck of the initialisation."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models_py.kmeans import KMeansFit


def letters(count: int) -> list[str]:
    """Return the first `count` names: A … Z, AA, AB …"""
    names = []
    for number in range(1, count + 1):
        name = ""
        while number:
            number, place = divmod(number - 1, 26)
            name = chr(ord("A") + place) + name
        names.append(name)
    return names


def order_by_size(labels: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return each cluster's rank (k,), 0 for the one with the most areas.

    `labels` is (n,), `centroids` (k, d). Ties go by centroid, variable by variable.
    """
    sizes = np.bincount(labels, minlength=len(centroids))
    order = np.lexsort((*centroids.T[::-1], -sizes))
    ranks = np.empty(len(centroids), dtype=int)
    ranks[order] = np.arange(len(centroids))
    return ranks


def letter_labels(fit: "KMeansFit") -> np.ndarray:
    """Return each area's letter (n,)."""
    ranks = order_by_size(fit.labels, fit.centroids)
    return np.array(letters(len(fit.centroids)), dtype=object)[ranks[fit.labels]]
