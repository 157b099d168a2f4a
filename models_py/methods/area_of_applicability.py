"""Area of applicability: where a model knows nothing like what it is asked of.

The *dissimilarity index* of an area is its distance to the nearest area that trained,
in standardised features that count by their importance, over the mean distance between
areas that train. Of the areas that train, the nearest of another fold counts; the
largest of these indices that is no outlier is the threshold, beyond which the scores of
the folds vouch for nothing.

Source: H. Meyer and E. Pebesma (2021), Predicting into unknown space? Estimating the
area of applicability of spatial prediction models, Methods in Ecology and Evolution 12,
1620-1633; their R package CAST.
"""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import pdist
from sklearn.neighbors import NearestNeighbors

SAMPLE = 2_000  # areas whose mean distance stands for that of all


class Applicability(NamedTuple):
    """Indices of the areas that train (n,) and of others (m,), and the threshold."""

    trained: np.ndarray
    others: np.ndarray
    threshold: float


def applicability(
    trained: np.ndarray,
    fold: np.ndarray,
    others: np.ndarray,
    importances: np.ndarray,
    seed: int,
) -> Applicability:
    """Return how unlike the training areas are: features (n, d) and (m, d).

    `fold` (n,) is the part of the cross-validation, `importances` (d,) are 0 or more.
    """
    middle, spread = trained.mean(axis=0), trained.std(axis=0)
    weights = importances / np.where(spread > 0, spread, 1)
    known, asked = (trained - middle) * weights, (others - middle) * weights
    chosen = np.random.default_rng(seed).permutation(len(known))[:SAMPLE]
    usual = pdist(known[np.sort(chosen)]).mean() or 1.0
    own = np.empty(len(known))
    for number in np.unique(fold):
        tested = fold == number
        own[tested] = nearest(known[~tested], known[tested]) / usual
    lower, upper = np.quantile(own, [0.25, 0.75])
    threshold = own[own <= upper + 1.5 * (upper - lower)].max()
    return Applicability(own, nearest(known, asked) / usual, float(threshold))


def nearest(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return the distance (m,) of each row asked of to the nearest known one."""
    if not len(asked):
        return np.empty(0)
    found = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(known)
    return found.kneighbors(asked)[0][:, 0]
