"""Summed distances between all pairs of areas, of which silhouettes are made.

NumPy's products of matrices, block by block, for all numbers of clusters at once.
"""

import numpy as np

from models_py.side_by_side import in_threads

BLOCK = 400  # areas whose distances to as many others fit a core's own cache
PARTS = 8  # of that work, to be shared out among the cores


def distance_sums(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return each row's summed distances (n, c) to the members (n, c) of clusters.

    Distances of one block of rows to another count for both. Blocks are shared out in a
    fixed number of parts, whose sums are added up in order: so they come out the same
    on any number of cores.
    """
    squares = np.square(values).sum(axis=1)
    turned = np.ascontiguousarray(-2 * values.T)
    starts = range(0, len(values), BLOCK)

    def sums_of_part(part: int) -> np.ndarray:
        sums = np.zeros((len(values), member.shape[1]))
        for first in starts[part::PARTS]:
            rows = slice(first, first + BLOCK)
            for second in range(first, len(values), BLOCK):
                others = slice(second, second + BLOCK)
                distances = values[rows] @ turned[:, others]
                distances += squares[others]
                distances += squares[rows, np.newaxis]
                np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
                if first == second:
                    np.fill_diagonal(distances, 0)  # which rounding may have missed
                else:
                    sums[others] += distances.T @ member[rows]
                sums[rows] += distances @ member[others]
        return sums

    return sum(in_threads(sums_of_part, [(part,) for part in range(PARTS)]))
