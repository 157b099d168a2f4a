"""The one loop of UMAP that NumPy can't express: areas pull and push each other.

numba compiles it in a second or two. The machine code is kept in `__pycache__` beside
this file, or in the user's cache folder where that can't be written, so only the first
run on a machine compiles.
"""

import numpy as np
from numba import njit

REPELLERS = 5  # areas drawn at random for each pull: umap-learn's negative_sample_rate
LONGEST = np.float32(4.0)  # no pull or push is longer, before the learning rate

# Forces depend on a squared distance, and a power of it takes longer than all the rest.
# They are looked up by the leading bits of the float32: 8 of exponent, 9 of mantissa,
# which is to one part in a thousand.
DROPPED_BITS = np.uint32(14)


def force_table(a: float, b: float) -> np.ndarray:
    """Return pull and push, per unit of distance, by the bits of its square.

    Shape (2, 130560), float32: derivatives of the logarithms of w = 1 / (1 + a d²ᵇ) and
    of 1 - w, as in McInnes et al. 2018, section 3.2.
    """
    finite = np.uint32(255 << 23)  # the bits from here on are infinity and NaN
    bits = np.arange(0, finite, 1 << DROPPED_BITS, dtype=np.uint32)
    middle = bits + np.uint32(1 << (DROPPED_BITS - np.uint32(1)))
    squares = middle.view(np.float32).astype(float)
    powers = squares**b
    pull = -2 * a * b * powers / (squares * (1 + a * powers))
    push = 2 * b / ((0.001 + squares) * (1 + a * powers))
    return np.clip([pull, push], -1e30, 1e30).astype(np.float32)


@njit(nogil=True, fastmath=True, cache=True)
def clipped(force: np.float32) -> np.float32:
    """Return a force, kept between -LONGEST and LONGEST."""
    return min(max(force, -LONGEST), LONGEST)


@njit(nogil=True, fastmath=True, cache=True)
def move_areas(
    first: int,
    last: int,
    before: np.ndarray,
    after: np.ndarray,
    starts: np.ndarray,
    neighbors: np.ndarray,
    periods: np.ndarray,
    due: np.ndarray,
    states: np.ndarray,
    forces: np.ndarray,
    rate: np.float32,
    epoch: int,
) -> None:
    """Take areas `first` to `last` from their places `before` to `after` one epoch.

    The edges of area i are entries `starts[i]` to `starts[i + 1]` of `neighbors`; an
    edge pulls every `periods` epochs, next when it is `due`. It pulls twice, since each
    of its ends moves by its own edge and by the other's. `states` (n,) are the areas'
    own random numbers (xorshift, Marsaglia 2003).

    Other areas are seen where they were before. So the order in which areas are moved
    makes no difference, and they can be moved side by side.
    """
    count = np.uint64(len(before))
    for i in range(first, last):
        x, y = before[i, 0], before[i, 1]
        state = states[i]
        for edge in range(starts[i], starts[i + 1]):
            if due[edge] > epoch:
                continue
            due[edge] += periods[edge]
            other = neighbors[edge]
            for _ in range(2):
                across, up = x - before[other, 0], y - before[other, 1]
                square = np.float32(across * across + up * up)
                pull = forces[0, square.view(np.uint32) >> DROPPED_BITS]
                x += clipped(pull * across) * rate
                y += clipped(pull * up) * rate
            x_pushed, y_pushed = x, y
            for _ in range(REPELLERS):
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                drawn = ((state >> np.uint64(32)) * count) >> np.uint64(32)
                across, up = x - before[drawn, 0], y - before[drawn, 1]
                square = np.float32(across * across + up * up)
                push = forces[1, square.view(np.uint32) >> DROPPED_BITS]
                x_pushed += clipped(push * across) * rate
                y_pushed += clipped(push * up) * rate
            x, y = x_pushed, y_pushed
        states[i] = state
        after[i, 0], after[i, 1] = x, y
