"""Spatial autocorrelation: whether values of neighbouring areas lie together.

Source: P. A. P. Moran (1950), Notes on continuous stochastic phenomena, Biometrika 37,
17-23; A. D. Cliff and J. K. Ord (1981), Spatial Processes, for its variance under
randomisation and for join counts; esda, Moran.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from libpysal.weights import W


def queen_pairs(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the shapes (n,) that touch or overlap, both ways round."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = left != right
    return left[apart], right[apart]


def contiguity(areas: Iterable, left: np.ndarray, right: np.ndarray) -> "W":
    """Return weights of areas (n,) from pairs of neighbouring ones, both ways round.

    An area without a neighbour has none here either.
    """
    # Slow to import, and of use to few steps.
    from libpysal.weights import W

    near = {area: [] for area in areas}
    for area, other in sorted(zip(left, right, strict=True)):
        near[area].append(other)
    return W(near, id_order=list(near), silence_warnings=True)


def moran(values: np.ndarray, weights: "W") -> dict[str, float | None]:
    """Return Moran's I of values (n,), weights being shares of an area's neighbours.

    The p-value is two-sided and analytical, under randomisation: so it is the same each
    time. An area without neighbours takes part in the mean only. Measures are None
    where no two areas touch, or where all values are equal.
    """
    from esda import Moran

    if weights.s0 == 0 or len(np.unique(values)) < 2:
        return dict.fromkeys(("morans_i", "expected", "z_score", "p_value"))
    found = Moran(values, weights, transformation="r", permutations=0, two_tailed=True)
    return {
        "morans_i": float(found.I),
        "expected": float(found.EI),
        "z_score": float(found.z_rand),
        "p_value": float(found.p_rand),
    }


def join_counts(
    member: np.ndarray, left: np.ndarray, right: np.ndarray
) -> tuple[float, float]:
    """Return how many pairs of neighbours both belong to a class, and how many by luck.

    `member` (n,) says whether an area does; `left` and `right` are the rows of the
    pairs, both ways round.
    """
    areas, count = len(member), member.sum()
    chance = count * (count - 1) / (areas * (areas - 1))
    within = (member[left].astype(bool) & member[right].astype(bool)).sum() / 2
    return float(within), float(len(left) / 2 * chance)
