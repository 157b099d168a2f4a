"""The greatest products of each row with all others, found block by block.

A block of products of matrices is looked through while it lies in a core's own cache;
what is kept of a row is a short list, the greatest first.

Source: D. E. Knuth (1998), The Art of Computer Programming 3, section 5.2.1.
"""

import numpy as np
from numba import njit

BLOCK = 512  # rows that are compared at once
OTHERS = 1024  # with so many others: their products fit a core's own cache

NOBODY = -1


def nobody(count: int, kept: int) -> tuple[np.ndarray, np.ndarray]:
    """Return who is kept (m, k) and the products (m, k), none of them found yet."""
    found = np.full((count, kept), NOBODY, dtype=np.int32)
    return found, np.full(found.shape, -np.inf, dtype=np.float32)


def slices(first: int, last: int, length: int) -> list[slice]:
    """Return slices of a length that follow one another, the last one shorter."""
    return [slice(at, min(at + length, last)) for at in range(first, last, length)]


@njit(nogil=True, cache=True)
def keep_greatest(
    products: np.ndarray,
    rows: np.ndarray,
    names: np.ndarray,
    found: np.ndarray,
    nearness: np.ndarray,
) -> None:
    """Keep the greatest products of some rows, greatest first, and who gave them.

    Takes products (r, c), the rows' numbers (r,) and the others' names (c,), none of
    which comes twice for a row but its own; writes to `found` and `nearness`, (n, k).
    Of equal products the one that came first stays first. Most are passed over by one
    comparison: several times as fast as to part each row at its k-th.
    """
    last = found.shape[1] - 1
    for at in range(len(rows)):
        who, greatest = found[rows[at]], nearness[rows[at]]
        least = greatest[last]
        for column in range(products.shape[1]):
            product = products[at, column]
            if product <= least or names[column] == who[0]:
                continue
            place = last
            while place > 0 and greatest[place - 1] < product:
                who[place], greatest[place] = who[place - 1], greatest[place - 1]
                place -= 1
            who[place], greatest[place] = names[column], product
            least = greatest[last]
