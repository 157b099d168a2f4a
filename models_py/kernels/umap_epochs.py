"""The loop of UMAP that NumPy can't express: who pulls and pushes.

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


@njit(nogil=True, fastmath=True, cache=True, inline="always")
def pushed(
    x: np.float32, y: np.float32, before: np.ndarray, first: int, pushes: np.ndarray
) -> tuple[np.float32, np.float32]:
    """Return how far REPELLERS areas, from the first on, push what lies at a place.

    They push from one place, so that the processor takes several at once. All pushes
    of an epoch from one place would throw areas far off.
    """
    push_across, push_up = np.float32(0), np.float32(0)
    for drawn in range(first, first + REPELLERS):
        across, up = x - before[drawn, 0], y - before[drawn, 1]
        square = np.float32(across * across + up * up)
        push = pushes[square.view(np.uint32) >> DROPPED_BITS]
        push_across += clipped(push * across)
        push_up += clipped(push * up)
    return push_across, push_up


@njit(nogil=True, cache=True, inline="always")
def drawn_next(state: np.uint64) -> np.uint64:
    """Return the random number after this one (xorshift, Marsaglia 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


@njit(nogil=True, fastmath=True, cache=True)
def move_areas(
    first: int,
    last: int,
    before: np.ndarray,
    after: np.ndarray,
    starts: np.ndarray,
    neighbors: np.ndarray,
    shares: np.ndarray,
    forces: np.ndarray,
    rate: np.float32,
    epoch: int,
    states: np.ndarray,
) -> None:
    """Take areas `first` to `last` from their places `before` to `after` one epoch.

    The edges of area i are entries `starts[i]` to `starts[i + 1]` of `neighbors`; an
    edge pulls in a share of the epochs, given in 65,536ths (`shares`, uint16), evenly
    spread. It pulls twice, since each of its ends moves by its own edge and by the
    other's. For each edge that pulls, REPELLERS areas push that follow one another from
    a place that is drawn by the area's own random numbers, of which `states` (n,) are
    the last. So areas come in random order: then any few in a row are as good as so
    many draws, and they lie side by side in memory. Places are (n + REPELLERS - 1, 2):
    behind the last area, the first ones come again. Other areas are seen where they
    were before, so areas can be moved side by side.
    """
    count = np.uint64(len(states))
    pulls, pushes = forces[0], forces[1]
    turn = np.uint16(epoch + 1)
    for i in range(first, last):
        x, y = before[i, 0], before[i, 1]
        state = states[i]
        for edge in range(starts[i], starts[i + 1]):
            share = shares[edge]
            # Whether share * (epoch + 1) has come past one more whole, in 16 bits.
            if np.uint16(share * turn) >= share:
                continue
            other = neighbors[edge]
            for _ in range(2):
                across, up = x - before[other, 0], y - before[other, 1]
                square = np.float32(across * across + up * up)
                pull = pulls[square.view(np.uint32) >> DROPPED_BITS]
                x += clipped(pull * across) * rate
                y += clipped(pull * up) * rate
            state = drawn_next(state)
            first_drawn = np.int64(((state >> np.uint64(32)) * count) >> np.uint64(32))
            push_across, push_up = pushed(x, y, before, first_drawn, pushes)
            x += push_across * rate
            y += push_up * rate
        states[i] = state
        after[i, 0], after[i, 1] = x, y
