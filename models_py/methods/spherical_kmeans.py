"""Spherical k-means: clusters by the angle between rows, not by their distance.

On rows of length 1, squared distances are twice the cosine distances, so k-means finds
where to start; from there, each row goes to the mean *direction* that it is nearest to,
until none moves. Of k-means' own means the longer ones, of tight clusters, would draw
rows that point elsewhere.

Source: I. S. Dhillon and D. S. Modha (2001), Concept decompositions for large sparse
text data using clustering, Machine Learning 42, 143-175.
"""

from typing import NamedTuple

import numpy as np

ROUNDS = 1_000  # of which hardly any are needed


class SphericalFit(NamedTuple):
    """Labels (n,) and the mean directions (k, d) of the clusters."""

    labels: np.ndarray
    centroids: np.ndarray


def settle_on_sphere(values: np.ndarray, labels: np.ndarray) -> SphericalFit:
    """Move rows (n, d) of length 1 between clusters (n,) until all are nearest.

    A cluster never becomes empty: its last row stays.
    """
    clusters = int(labels.max()) + 1
    for _ in range(ROUNDS):
        means = directions(values, labels, clusters)
        nearest = (values @ means.T).argmax(axis=1)
        alone = np.bincount(labels, minlength=clusters)[labels] == 1
        nearest[alone] = labels[alone]
        if (nearest == labels).all():
            break
        emptied = np.setdiff1d(np.arange(clusters), nearest)
        stays = np.isin(labels, emptied)
        nearest[stays] = labels[stays]
        labels = nearest
    return SphericalFit(labels, directions(values, labels, clusters))


def directions(values: np.ndarray, labels: np.ndarray, clusters: int) -> np.ndarray:
    """Return the mean direction (k, d) of each cluster's rows (n, d)."""
    sums = np.stack([values[labels == k].sum(axis=0) for k in range(clusters)])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return sums / np.where(lengths > 0, lengths, 1)
