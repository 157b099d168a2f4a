"""Probability of a class from an area's margin: isotonic regression.

The margin is how much nearer an area is to its own class than to the next, as a share
of the distance to the next: 0 on the border, 1 on the centroid. How often areas of a
margin are in the class that they are nearest to grows with it, so the curve is the
isotonic regression of 0 and 1 (or of shares) on it (Zadrozny and Elkan 2002).
"""

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.spatial.distance import cdist


def calibration_curve(
    margins: np.ndarray, is_right: np.ndarray, bands: int = 40
) -> list[tuple[float, float]]:
    """Return points of the curve, (margin, probability), the first at a margin of 0.

    Parameters
    ----------
    margins
        Shape (n,), from 0 to 1.
    is_right
        Shape (n,): whether each area is in the class nearest to it, or the share of
        trials in which it was.
    bands
        Into how many bands of equally many areas the margins are cut; each is a point,
        at its mean margin. Without bands the least area would decide where it starts.

    """
    order = np.argsort(margins, kind="stable")
    parts = np.array_split(order, min(bands, len(order)))
    at = np.array([margins[part].mean() for part in parts])
    shares = np.array([np.asarray(is_right)[part].mean() for part in parts])
    sizes = np.array([len(part) for part in parts])
    at, place = np.unique(at, return_inverse=True)  # bands of one margin are one
    shares = np.bincount(place, shares * sizes) / np.bincount(place, sizes)
    sizes = np.bincount(place, sizes)
    curve = isotonic_regression(shares, weights=sizes).x
    margin_points = np.unique(np.concatenate([[0.0], at]).round(6))
    fitted = np.interp(margin_points, at, curve)
    return [(float(m), float(p)) for m, p in zip(margin_points, fitted, strict=True)]


def sibling_margins(
    positions: np.ndarray, classes: np.ndarray, parents: np.ndarray
) -> np.ndarray:
    """Return the margin (n,) of areas (n, d) to the nearest sibling of their class.

    `classes` and `parents`, both (n,), are the codes on this level and the one above. A
    margin is below 0 where a sibling's centroid is nearer than the own one, and NaN
    where a class has no sibling.
    """
    margins = np.full(len(classes), np.nan)
    for parent in np.unique(parents):
        rows = np.flatnonzero(parents == parent)
        codes, own = np.unique(classes[rows], return_inverse=True)
        if len(codes) > 1:
            members = positions[rows]
            centroids = [members[own == k].mean(axis=0) for k in range(len(codes))]
            distances = cdist(members, np.array(centroids))
            to_own = distances[np.arange(len(rows)), own].copy()
            distances[np.arange(len(rows)), own] = np.inf
            to_next = distances.min(axis=1)
            ratio = np.divide(
                to_own, to_next, out=np.ones_like(to_own), where=to_next > 0
            )
            margins[rows] = 1 - ratio
    return margins
