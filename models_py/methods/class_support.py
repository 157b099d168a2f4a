"""How often an area keeps its class when the areas are drawn anew.

The bootstrap of Hennig 2007 (Computational Statistics & Data Analysis 52), asked of
areas rather than of whole clusters: areas are drawn with replacement, k-means runs on
them from the classes' centroids, and each area goes to the nearest new centroid.
"""

import numpy as np

TRIALS = 20
ITERATIONS = 20  # of Lloyd; from the classes' own centroids it takes about five
MOST = 20_000  # areas that trials are made with; more change no share by a hundredth


def class_support(
    positions: np.ndarray, classes: np.ndarray, parents: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return each area's margin and the share of trials in which it keeps its class.

    Parameters
    ----------
    positions
        Shape (n, d).
    classes, parents
        Codes of the areas' classes on this level and the one above, shape (n,). Trials
        are made within each class above.
    seed
        Of the draws.

    Returns
    -------
    Both of shape (n,). The margin is to the nearest sibling, below 0 where that is
    nearer than the own class; NaN, for both, where a class has no sibling or the area
    was not among those that trials are made with.

    """
    rng = np.random.default_rng(seed)
    margins = np.full(len(classes), np.nan)
    support = np.full(len(classes), np.nan)
    chosen = np.arange(len(classes))
    if len(chosen) > MOST:
        chosen = np.sort(rng.choice(chosen, MOST, replace=False))
    for parent in np.unique(parents[chosen].astype(str)):
        members = chosen[parents[chosen].astype(str) == parent]
        codes, own = np.unique(classes[members].astype(str), return_inverse=True)
        if len(codes) > 1:
            found = support_within(positions[members], own, len(codes), rng)
            margins[members], support[members] = found
    return margins, support


def support_within(
    positions: np.ndarray, own: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return margins and support, both (n,), of areas (n, d) in `count` classes."""
    centroids = np.array([positions[own == k].mean(axis=0) for k in range(count)])
    rows = np.arange(len(own))
    distances = np.sqrt(squared_distances(positions, centroids).clip(0))
    to_own = distances[rows, own].copy()
    distances[rows, own] = np.inf
    to_next = distances.min(axis=1)
    kept = np.zeros(len(own))
    for _ in range(TRIALS):
        drawn = rng.integers(0, len(own), len(own))
        times_drawn = np.bincount(drawn, minlength=len(own))
        kept += lloyd(positions, times_drawn, centroids) == own
    margins = 1 - to_own / np.where(to_next > 0, to_next, np.inf)
    return np.where(to_next > 0, margins, 0.0), kept / TRIALS


def lloyd(
    positions: np.ndarray, weights: np.ndarray, centroids: np.ndarray
) -> np.ndarray:
    """Return labels (n,) of areas (n, d) after weighted k-means from centroids (k, d).

    A cluster that nothing is drawn for keeps its centroid.
    """
    labels = nearest(positions, centroids)
    for _ in range(ITERATIONS):
        shares = (labels == np.arange(len(centroids))[:, None]) * weights
        sizes = shares.sum(axis=1, keepdims=True)
        moved = np.where(sizes > 0, shares @ positions / sizes.clip(1), centroids)
        former, labels = labels, nearest(positions, moved)
        if (former == labels).all():
            break
    return labels


def nearest(positions: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the number of the centroid (k, d) nearest to each area (n, d)."""
    # Without the areas' own squares, which are the same for each centroid.
    return ((centroids**2).sum(axis=1) - 2 * positions @ centroids.T).argmin(axis=1)


def squared_distances(positions: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return squared distances (n, k) of areas (n, d) to centroids (k, d)."""
    squares = (positions**2).sum(axis=1)[:, None] + (centroids**2).sum(axis=1)
    return squares - 2 * positions @ centroids.T
