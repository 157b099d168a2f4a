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
CANDIDATES = 3  # nearest ones that are measured in double precision


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
    """Return the distance (m,) of each row asked of to the nearest known one.

    Single precision finds some that may be it, which are measured in double.
    """
    if not len(asked):
        return np.empty(0)
    finder = NearestNeighbors(n_neighbors=min(CANDIDATES, len(known)))
    finder.fit(known.astype(np.float32))
    places = finder.kneighbors(asked.astype(np.float32), return_distance=False)
    apart = [((known[place] - asked) ** 2).sum(axis=1) for place in places.T]
    return np.sqrt(np.min(apart, axis=0))
