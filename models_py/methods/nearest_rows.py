"""Nearest rows of a matrix, every row's, by blocks of products of matrices.

A block of rows is held against all rows by products in single precision, which find
candidates; these are measured anew in double precision. So memory is that of a block,
and 46,844 areas take seconds, where a join of all pairs has 2.2 billion rows.

Source: scikit-learn, NearestNeighbors (algorithm="brute"), which finds the same.
"""

import numpy as np

from models_py.kernels.greatest import BLOCK, OTHERS, keep_greatest, nobody, slices
from models_py.side_by_side import side_by_side

SPARE = 20  # candidates beyond those wanted, for what single precision can't part


def nearest_rows(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row (n, d) its `count` nearest others and their distances.

    Both are (n, count), the nearest first, the lower row number first of equal ones;
    count is n - 1 at most. Distances are Euclidean.
    """
    rows = len(values)
    count = min(count, rows - 1)
    if count < 1:
        return np.empty((rows, 0), np.int64), np.empty((rows, 0))
    # Near zero, single precision parts what lies close together.
    single = (values - values.mean(axis=0)).astype(np.float32)
    halves = (single**2).sum(axis=1) / 2

    def nearest_of(own: slice) -> tuple[np.ndarray, np.ndarray]:
        wanted = min(count + SPARE, rows - 1)
        found = np.sort(candidates(single, halves, own, wanted), axis=1)
        exact = np.empty(found.shape)
        for place in range(wanted):  # a column at a time keeps memory small
            apart = values[own] - values[found[:, place]]
            exact[:, place] = np.sqrt((apart**2).sum(axis=1))
        order = np.argsort(exact, axis=1, kind="stable")[:, :count]
        return (
            np.take_along_axis(found, order, axis=1),
            np.take_along_axis(exact, order, axis=1),
        )

    parts = side_by_side(nearest_of, [(own,) for own in slices(0, rows, BLOCK)])
    others, distances = zip(*parts, strict=True)
    return np.concatenate(others), np.concatenate(distances)


def candidates(
    single: np.ndarray, halves: np.ndarray, own: slice, wanted: int
) -> np.ndarray:
    """Return those nearest to some rows in single precision, (m, wanted), as int64.

    Takes all rows (n, d) and half of their squared lengths (n,). The nearest have the
    greatest a·b − |b|²/2, which is (|a|² − |a − b|²) / 2.
    """
    rows = np.arange(len(single), dtype=np.int32)
    found, nearness = nobody(len(rows[own]), 1 + wanted)
    found[:, 0], nearness[:, 0] = rows[own], np.inf  # itself, which isn't taken again
    for block in slices(0, len(rows), OTHERS):
        products = single[own] @ single[block].T
        products -= halves[block]
        keep_greatest(products, np.arange(len(found)), rows[block], found, nearness)
    return found[:, 1:].astype(np.int64)
