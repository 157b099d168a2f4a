"""Nearest rows of a matrix, every row's, by blocks of products of matrices.

A block of rows is held against all rows by one product in single precision, which finds
candidates; these are measured anew in double precision. So memory is that of a block,
and 46,844 areas take seconds, where a join of all pairs has 2.2 billion rows.

Source: scikit-learn, NearestNeighbors (algorithm="brute"), which finds the same.
"""

import numpy as np

from models_py.side_by_side import side_by_side

PAIRS_AT_ONCE = 20_000_000  # of a block: 80 MB
SPARE = 20  # candidates beyond those wanted, for what single precision can't part


def nearest_rows(values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row (n, d) its `count` nearest others and their distances.

    Both are (n, count), the nearest first, the lower row number first of equal ones;
    count is n - 1 at most. Distances are Euclidean.
    """
    rows = len(values)
    count = min(count, rows - 1)
    # Near zero, single precision parts what lies close together.
    centred = values - values.mean(axis=0)
    single = centred.astype(np.float32)
    halves = (single**2).sum(axis=1) / 2
    step = max(1, PAIRS_AT_ONCE // max(rows, 1))
    wanted = min(count + SPARE, rows - 1)

    def nearest_of(start: int) -> tuple[np.ndarray, np.ndarray]:
        own = np.arange(start, min(start + step, rows))
        far = halves - single[own] @ single.T  # half the squared distance, less |a|²/2
        far[np.arange(len(own)), own] = np.inf
        found = np.sort(np.argpartition(far, wanted - 1, axis=1)[:, :wanted], axis=1)
        exact = np.empty(found.shape)
        for place in range(wanted):  # a column at a time keeps memory small
            apart = values[own] - values[found[:, place]]
            exact[:, place] = np.sqrt((apart**2).sum(axis=1))
        order = np.argsort(exact, axis=1, kind="stable")[:, :count]
        return (
            np.take_along_axis(found, order, axis=1),
            np.take_along_axis(exact, order, axis=1),
        )

    if count < 1:
        return np.empty((rows, 0), np.int64), np.empty((rows, 0))
    parts = side_by_side(nearest_of, [(start,) for start in range(0, rows, step)])
    others, distances = zip(*parts, strict=True)
    return np.concatenate(others), np.concatenate(distances)
