"""Whether areas of a class lie together: Moran's I and join counts of a 0/1 variable.

Neighbours share at least a corner (queen contiguity). Moran's I and its variance under
normality follow Cliff and Ord 1981; with row-standardised weights, as is usual. A join
is a pair of neighbours; BB counts those of which both belong to the class.
"""

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
import shapely


class Autocorrelation(NamedTuple):
    """What is measured of one class."""

    morans_i: float
    expected: float
    z: float
    joins_within: float
    joins_expected: float


def neighbours(shapes: np.ndarray) -> sp.csr_matrix:
    """Return a symmetric 0/1 matrix (n, n) of the shapes (n,) that touch or overlap."""
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    apart = left != right
    ones = np.ones(apart.sum())
    count = len(shapes)
    return sp.csr_matrix((ones, (left[apart], right[apart])), shape=(count, count))


def autocorrelation(member: np.ndarray, joins: sp.csr_matrix) -> Autocorrelation:
    """Measure one class.

    Parameters
    ----------
    member
        Whether each area is of the class, shape (n,), 0 or 1.
    joins
        Symmetric 0/1 matrix of neighbours, shape (n, n); an area without neighbours
        takes part in the mean only.

    """
    n = len(member)
    degrees = np.asarray(joins.sum(axis=1)).ravel()
    weights = sp.diags(1 / np.where(degrees > 0, degrees, 1)) @ joins
    deviations = member - member.mean()
    total = weights.sum()
    index = (
        n / total * (deviations @ (weights @ deviations)) / (deviations @ deviations)
    )
    expected = -1 / (n - 1)
    both = weights + weights.T
    s1 = both.multiply(both).sum() / 2
    s2 = (np.asarray(both.sum(axis=1)).ravel() ** 2).sum()
    variance = (n**2 * s1 - n * s2 + 3 * total**2) / (total**2 * (n**2 - 1))
    variance -= expected**2
    count = member.sum()
    pairs = joins.sum() / 2
    chance = count * (count - 1) / (n * (n - 1))
    return Autocorrelation(
        float(index),
        expected,
        float((index - expected) / np.sqrt(variance)),
        float(member @ (joins @ member) / 2),
        float(pairs * chance),
    )
