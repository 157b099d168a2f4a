"""The loops of k-means, compiled by numba.

A fit of a thousand areas takes a millisecond here; scikit-learn takes as long to look
at its arguments. Several runs go on at once, so that an area's distances from all their
centroids come from one product of matrices in single precision, in a loop that does the
same work in a third to three quarters of the time that BLAS takes.

Such products also tell which areas are near a border. Those alone are looked at in
double precision, one by one, by `moves`.

The machine code is kept in `__pycache__` beside this file, or in the user's cache
folder where that can't be written, so only the first run on a machine compiles.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

# Sums may be taken in any order, which lets the processor take several at once. It is
# the same order each time. Infinities and missing values are still respected.
SUMS = {"reassoc", "contract", "nsz", "arcp"}

LANES = 8  # numbers that a processor takes at once: columns are filled up to these
NEAR = 1.05  # areas for which a move would cost so much more than it saves are watched
BLOCK = 256  # areas whose distances are computed at once: they fit a core's own cache

# A distance from a product in single precision is wrong by less than this share of the
# squared lengths.
ROUNDING = np.float32(1e-5)
TWO = np.float32(2)  # a plain 2 would make double precision of what it multiplies


class Areas(NamedTuple):
    """Rows to be clustered, in the forms in which the loops take them."""

    double: np.ndarray
    """Shape (n, d), float64; d is filled up with zeros to a multiple of LANES."""
    single: np.ndarray
    """The same in float32."""
    turned: np.ndarray
    """The same in float32, turned, in blocks: shape (blocks, d, BLOCK)."""
    squares: np.ndarray
    """Squared length of each row, shape (n,), float32."""
    weights: np.ndarray
    """How many areas each row stands for, shape (n,), float64."""


def make_areas(matrix: np.ndarray, weights: np.ndarray) -> Areas:
    """Return (n, d) values in all the forms in which the loops take them."""
    missing = -matrix.shape[1] % LANES
    double = np.ascontiguousarray(np.pad(matrix, ((0, 0), (0, missing))))
    single = double.astype(np.float32)
    blocks = -(-len(single) // BLOCK)
    rest = np.zeros((blocks * BLOCK - len(single), single.shape[1]), np.float32)
    in_blocks = np.vstack([single, rest]).reshape(blocks, BLOCK, -1)
    turned = np.ascontiguousarray(in_blocks.transpose(0, 2, 1))
    squares = np.square(double).sum(axis=1).astype(np.float32)
    return Areas(double, single, turned, squares, weights)


@njit(nogil=True, fastmath=SUMS, cache=True, inline="always")
def squared_distance(
    rows: np.ndarray, row: int, centroids: np.ndarray, cluster: int
) -> float:
    """Return the squared distance of a row from a centroid, in the rows' precision."""
    total = rows[row, 0] - rows[row, 0]
    for column in range(rows.shape[1]):
        apart = rows[row, column] - centroids[cluster, column]
        total += apart * apart
    return total


@njit(nogil=True, fastmath=SUMS, cache=True)
def distance_to_row(
    rows: np.ndarray, row: int, squares: np.ndarray, first: bool
) -> None:
    """Lower each row's squared distance (n,) to that from one more row, if nearer."""
    for other in range(len(rows)):
        square = squared_distance(rows, other, rows, row)
        if first or square < squares[other]:
            squares[other] = square


@njit(nogil=True, cache=True)
def spread_rows(rows: np.ndarray, weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return rows to start from, shape (k,), each likelier the further from the others.

    This is k-means++ (Arthur and Vassilvitskii 2007) with one try a centroid. `draws`
    (k,) are random numbers from 0 to 1.
    """
    chosen = np.zeros(len(draws), np.int64)
    squares = np.ones(len(rows))  # at first any row, by its weight
    for number in range(len(draws)):
        total = 0.0
        for row in range(len(rows)):
            total += weights[row] * squares[row]
        target = draws[number] * total
        passed = 0.0
        for row in range(len(rows)):
            mass = weights[row] * squares[row]
            passed += mass
            if mass > 0:
                chosen[number] = row
                if passed > target:
                    break
        distance_to_row(rows, chosen[number], squares, number == 0)
    return chosen


@njit(nogil=True, fastmath=SUMS, cache=True)
def inertia_about(
    rows: np.ndarray, weights: np.ndarray, labels: np.ndarray, centroids: np.ndarray
) -> float:
    """Return the weighted sum of the squared distances of rows to their centroids."""
    total = 0.0
    for row in range(len(rows)):
        square = squared_distance(rows, row, centroids, labels[row])
        total += weights[row] * square
    return total


@njit(nogil=True, cache=True)
def squares_about(
    rows: np.ndarray, labels: np.ndarray, centroids: np.ndarray
) -> np.ndarray:
    """Return the squared distance (n,) of each row from its centroid."""
    squares = np.empty(len(rows))
    for row in range(len(rows)):
        squares[row] = squared_distance(rows, row, centroids, labels[row])
    return squares


@njit(nogil=True, cache=True, inline="always")
def take(
    rows: np.ndarray,
    row: int,
    weight: float,
    cluster: int,
    sums: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Add a row, so many times, to its cluster's sum (k, d) and size (k,)."""
    sizes[cluster] += weight
    values, total = rows[row], sums[cluster]
    for column in range(len(values)):
        total[column] += weight * values[column]


def lloyd(
    areas: Areas, starts: np.ndarray, iterations: int, settled: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lloyd's algorithm from m starts, each until it has settled, or so many times.

    It has when no more labels change than this share of them: none, if 0. Takes m
    starts of k centroids (m, k, d) in single precision. Returns labels (m, n),
    centroids (m, k, d) and the inertias about these (m,), which have the digits of
    single precision. A cluster that loses its last row stays where it is: such a start
    is a poor one, and `moves` would fill it.
    """
    labels, centroids, greatest = iterate(
        areas, starts, iterations, int(settled * len(areas.single))
    )
    return labels, centroids, areas.weights @ areas.squares - 2 * greatest


@njit(nogil=True, cache=True)
def even(number: int) -> int:
    """Return the number, or one more where it is odd."""
    return number + number % 2


@njit(nogil=True, fastmath=SUMS, cache=True)
def multiply(
    centroids: np.ndarray, count: int, turned: np.ndarray, products: np.ndarray
) -> None:
    """Multiply the first `count` centroids, an even number, with a block of rows.

    Takes centroids (m, d) and a block turned, (d, BLOCK); writes products (m, BLOCK).
    Two centroids and four columns go together, so that each number that is loaded takes
    part in several sums: with 5 centroids three times as fast as BLAS, with 25 still a
    quarter faster.
    """
    for one in range(0, count, 2):
        mine, yours = centroids[one], centroids[one + 1]
        left, right = products[one], products[one + 1]
        for row in range(turned.shape[1]):
            left[row] = 0
            right[row] = 0
        for column in range(0, len(turned), 4):
            a, b = mine[column], mine[column + 1]
            c, d = mine[column + 2], mine[column + 3]
            e, f = yours[column], yours[column + 1]
            g, h = yours[column + 2], yours[column + 3]
            first, second = turned[column], turned[column + 1]
            third, fourth = turned[column + 2], turned[column + 3]
            for row in range(turned.shape[1]):
                w, x, y, z = first[row], second[row], third[row], fourth[row]
                left[row] += a * w + b * x + c * y + d * z
                right[row] += e * w + f * x + g * y + h * z


@njit(nogil=True, cache=True)
def iterate(
    areas: Areas, starts: np.ndarray, iterations: int, settled: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lloyd's iterations of m runs; those that go on are multiplied together.

    Returns what `lloyd` does, but for the inertias: what `regroup` sums up (m,).
    """
    runs, clusters, columns = starts.shape
    labels = np.full((runs, len(areas.single)), -1, np.int32)
    centroids = starts.copy()
    sums, sizes = np.zeros(starts.shape), np.zeros((runs, clusters))
    greatest, moved = np.empty(runs), np.empty(runs, np.int64)
    going = np.arange(runs)
    # Of the runs that go on, an even number of rows, since two are multiplied at once.
    packed = np.zeros((even(runs * clusters), columns), np.float32)
    halves = np.empty(runs * clusters, np.float32)
    nearness = np.empty((even(runs * clusters), BLOCK), np.float32)
    for iteration in range(iterations):
        for number in range(runs):
            run = going[number]
            if iteration > 0:
                follow(sums[run], sizes[run], centroids[run])
            place = number * clusters
            pack(centroids[run], packed[place : place + clusters], halves[place:])
            moved[run] = 0
            greatest[run] = 0
        height = even(runs * clusters)
        for block in range(len(areas.turned)):
            multiply(packed, height, areas.turned[block], nearness)
            regroup(
                *(areas.single, areas.weights, nearness, halves, block * BLOCK),
                *(going[:runs], labels, sums, sizes, moved, greatest),
            )
        left = 0
        for number in range(runs):
            if moved[going[number]] > settled:
                going[left] = going[number]
                left += 1
        runs = left
        if runs == 0:
            break
    return labels, centroids, greatest


@njit(nogil=True, fastmath=SUMS, cache=True)
def follow(sums: np.ndarray, sizes: np.ndarray, centroids: np.ndarray) -> None:
    """Put centroids (k, d) where their clusters' means are."""
    for cluster in range(len(sizes)):
        if sizes[cluster] > 0.5:
            for column in range(sums.shape[1]):
                centroids[cluster, column] = sums[cluster, column] / sizes[cluster]


@njit(nogil=True, fastmath=SUMS, cache=True)
def pack(centroids: np.ndarray, packed: np.ndarray, halves: np.ndarray) -> None:
    """Copy centroids (k, d), and write down half their squared lengths (k,)."""
    for cluster in range(len(centroids)):
        square = np.float32(0)
        for column in range(centroids.shape[1]):
            value = centroids[cluster, column]
            packed[cluster, column] = value
            square += value * value
        halves[cluster] = square / 2


@njit(nogil=True, fastmath=SUMS, cache=True)
def regroup(
    rows: np.ndarray,
    weights: np.ndarray,
    nearness: np.ndarray,
    halves: np.ndarray,
    first: int,
    going: np.ndarray,
    labels: np.ndarray,
    sums: np.ndarray,
    sizes: np.ndarray,
    moved: np.ndarray,
    greatest: np.ndarray,
) -> None:
    """Give each row of the block from row `first` on the nearest centroid of each run.

    That is where x·c - c·c / 2 is greatest; `nearness` (runs * k, BLOCK) are x·c and
    `halves` c·c / 2. `going` are the runs' numbers. Labels, sums and sizes follow;
    `moved` counts, and `greatest` sums up what was greatest.
    """
    count, clusters = min(BLOCK, len(rows) - first), sums.shape[1]
    most = np.empty(count, np.float32)
    nearest = np.empty(count, np.int32)
    for number in range(len(going)):
        run = going[number]
        # One cluster after another, so that the processor takes several rows at once.
        for row in range(count):
            most[row] = nearness[number * clusters, row] - halves[number * clusters]
            nearest[row] = 0
        for cluster in range(1, clusters):
            half = halves[number * clusters + cluster]
            near = nearness[number * clusters + cluster]
            for row in range(count):
                value = near[row] - half
                nearer = value > most[row]
                most[row] = value if nearer else most[row]
                nearest[row] = cluster if nearer else nearest[row]
        total = 0.0
        for row in range(count):
            total += weights[first + row] * most[row]
        greatest[run] += total
        for row in range(count):
            old, new = labels[run, first + row], nearest[row]
            if old != new:
                weight = weights[first + row]
                if old >= 0:
                    take(rows, first + row, -weight, old, sums[run], sizes[run])
                take(rows, first + row, weight, new, sums[run], sizes[run])
                labels[run, first + row] = new
                moved[run] += 1


def means(
    rows: np.ndarray, weights: np.ndarray, labels: np.ndarray, clusters: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the clusters' centroids (k, d), 0 where empty, and their sizes (k,)."""
    centroids, sizes = np.empty((clusters, rows.shape[1])), np.empty(clusters)
    average(rows, weights, labels, centroids, sizes)
    return centroids, sizes


@njit(nogil=True, fastmath=SUMS, cache=True)
def average(
    rows: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Write what `means` returns to `centroids` and `sizes`."""
    centroids[:] = 0
    sizes[:] = 0
    for row in range(len(rows)):
        take(rows, row, weights[row], labels[row], centroids, sizes)
    for cluster in range(len(sizes)):
        if sizes[cluster] > 0.5:
            for column in range(rows.shape[1]):
                centroids[cluster, column] /= sizes[cluster]


class Space(NamedTuple):
    """Arrays that `moves` writes to; made here, since numba compiles long to do so."""

    sizes: np.ndarray
    """Clusters' numbers of areas, shape (k,), float64."""
    single: np.ndarray
    """Centroids, shape (k, d), and a row of zeros where k is odd, float32."""
    halves: np.ndarray
    """Half the squared lengths of these, shape (k,), float32."""
    joining: np.ndarray
    """Factor of a squared distance to join a cluster, shape (k,), float32."""
    leaving: np.ndarray
    """The same, to leave it."""
    nearness: np.ndarray
    """Products of centroids and rows, shape (k, BLOCK); one row more if k is odd."""
    near: np.ndarray
    """For each row, to which clusters a move is worth looking at; see `find_near`."""
    candidates: np.ndarray
    """Numbers of the rows for which there are any, shape (n,), int64."""
    looked: np.ndarray
    """When each candidate was looked at, shape (n,), int64."""
    changed: np.ndarray
    """When each cluster changed, shape (k,), int64."""


def make_space(areas: Areas, clusters: int) -> Space:
    """Return the space to move areas between so many clusters."""
    rows, height = len(areas.double), even(clusters)
    return Space(
        sizes=np.empty(clusters),
        single=np.zeros((height, areas.double.shape[1]), np.float32),
        halves=np.empty(clusters, np.float32),
        joining=np.empty(clusters, np.float32),
        leaving=np.empty(clusters, np.float32),
        nearness=np.empty((height, BLOCK), np.float32),
        near=np.empty(rows, np.uint64),
        candidates=np.empty(rows, np.int64),
        looked=np.empty(rows, np.int64),
        changed=np.empty(clusters, np.int64),
    )


def moves(
    areas: Areas, labels: np.ndarray, clusters: int, least_gain: float
) -> tuple[np.ndarray, np.ndarray]:
    """Move single rows until none gains more than `least_gain`; labels in place.

    Takes the labels of several runs (m, n), one after the other. Only rows near a
    border ever move. All rows are asked to which borders they are NEAR; then those that
    are to any move over these, in double precision, as long as that helps. Returns the
    centroids (m, k, d) and the inertias (m,).
    """
    runs = len(labels)
    centroids = np.empty((runs, clusters, areas.double.shape[1]))
    inertias = np.empty(runs)
    space, heaviest = make_space(areas, clusters), float(areas.weights.max())
    settle(areas, space, labels, centroids, inertias, heaviest, least_gain)
    return centroids, inertias


@njit(nogil=True, cache=True)
def settle(
    areas: Areas,
    space: Space,
    labels: np.ndarray,
    centroids: np.ndarray,
    inertias: np.ndarray,
    heaviest: float,
    least_gain: float,
) -> None:
    """Do what `moves` does, in place; `heaviest` is the greatest of the weights."""
    rows, weights, sizes = areas.double, areas.weights, space.sizes
    for run in range(len(labels)):
        own, means_of_own = labels[run], centroids[run]
        average(rows, weights, own, means_of_own, sizes)
        moved = True
        while moved:
            near_borders(areas, space, own, means_of_own, heaviest)
            moved = move_rows(areas, space, own, means_of_own, least_gain)
        average(rows, weights, own, means_of_own, sizes)
        inertias[run] = inertia_about(rows, weights, own, means_of_own)


@njit(nogil=True, cache=True)
def near_borders(
    areas: Areas,
    space: Space,
    labels: np.ndarray,
    centroids: np.ndarray,
    heaviest: float,
) -> None:
    """Find for each row the clusters to which a move is not much worse than to stay.

    Writes to `space.near` a number for each row, a bit of which stands for a cluster;
    see `bit`. A move that gains is always among them, whatever single precision makes
    of the distances from the centroids (k, d).
    """
    pack(centroids, space.single, space.halves)
    for cluster in range(len(centroids)):
        size = space.sizes[cluster]
        # All rows count as the heaviest does, so that none is missed.
        space.joining[cluster] = size / (size + heaviest)
        # With less than a half left, a row may be the last, and stays.
        space.leaving[cluster] = NEAR * size / max(size - heaviest, 0.5)
    find_near(areas, space, labels)


@njit(nogil=True, cache=True, inline="always")
def bit(cluster: int) -> np.uint64:
    """Return the bit of a cluster. Beyond 64 clusters several share one."""
    return np.uint64(1) << np.uint64(cluster % 64)


@njit(nogil=True, fastmath=SUMS, cache=True)
def find_near(areas: Areas, space: Space, labels: np.ndarray) -> None:
    """Mark in `space.near` the clusters that cost less to join than leaving saves.

    Both are squared distances from the centroids, times the clusters' factors.
    """
    halves, nearness, near = space.halves, space.nearness, space.near
    longest = np.float32(0)
    for cluster in range(len(halves)):
        longest = max(longest, TWO * halves[cluster])
    most = np.empty(BLOCK, np.float32)
    least = np.empty(BLOCK, np.float32)
    for block in range(len(areas.turned)):
        multiply(space.single, len(space.single), areas.turned[block], nearness)
        first = block * BLOCK
        count = min(BLOCK, len(near) - first)
        for place in range(count):
            own = labels[first + place]
            length = areas.squares[first + place]
            slack = ROUNDING * (length + longest)
            square = length + TWO * (halves[own] - nearness[own, place]) + slack
            most[place] = square * space.leaving[own]
            least[place] = length - slack
            near[first + place] = 0
        # One cluster after another, so that the processor takes several rows at once.
        for cluster in range(len(halves)):
            half, share, mark = halves[cluster], space.joining[cluster], bit(cluster)
            for place in range(count):
                square = least[place] + TWO * (half - nearness[cluster, place])
                is_near = square * share < most[place]
                if is_near & (labels[first + place] != cluster):
                    near[first + place] |= mark


@njit(nogil=True, fastmath=SUMS, cache=True, inline="always")
def shift(
    rows: np.ndarray,
    row: int,
    centroids: np.ndarray,
    cluster: int,
    weight: float,
    size: float,
) -> None:
    """Take a row's weight to, or from, the centroid of a cluster of the new size."""
    for column in range(rows.shape[1]):
        apart = rows[row, column] - centroids[cluster, column]
        centroids[cluster, column] += apart * weight / size


@njit(nogil=True, cache=True, inline="always")
def note_candidates(space: Space) -> int:
    """Write down the rows that are near a border, none looked at; return how many."""
    candidates = 0
    for row in range(len(space.near)):
        if space.near[row]:
            space.candidates[candidates] = row
            space.looked[candidates] = 0
            candidates += 1
    for cluster in range(len(space.changed)):
        space.changed[cluster] = 1
    return candidates


@njit(nogil=True, fastmath=SUMS, cache=True)
def move_rows(
    areas: Areas,
    space: Space,
    labels: np.ndarray,
    centroids: np.ndarray,
    least_gain: float,
) -> bool:
    """Move rows, one by one, to clusters they are near, until none gains by it.

    Labels (n,), centroids (k, d) and sizes (k,) follow each move. Returns whether there
    was any.
    """
    rows, sizes, near = areas.double, space.sizes, space.near
    looked, changed = space.looked, space.changed
    candidates = note_candidates(space)
    # A row is looked at again only where a cluster has changed since, by this clock.
    clock, last_pass = 1, 0
    while clock > last_pass:
        last_pass = clock
        for number in range(candidates):
            row = space.candidates[number]
            own, weight = labels[row], areas.weights[row]
            since, looked[number] = looked[number], clock
            left = sizes[own] - weight
            if left < 0.5:
                continue  # the last of its cluster stays
            own_changed = changed[own] > since
            best, cost = own, np.inf
            for cluster in range(len(sizes)):
                if not near[row] & bit(cluster) or cluster == own:
                    continue
                if own_changed or changed[cluster] > since:
                    square = squared_distance(rows, row, centroids, cluster)
                    joining = square * sizes[cluster] / (sizes[cluster] + weight)
                    if joining < cost:
                        best, cost = cluster, joining
            if best == own:
                continue
            saved = squared_distance(rows, row, centroids, own) * sizes[own] / left
            if weight * (saved - cost) <= least_gain:
                continue
            joined = sizes[best] + weight
            shift(rows, row, centroids, own, -weight, left)
            shift(rows, row, centroids, best, weight, joined)
            sizes[own], sizes[best] = left, joined
            labels[row] = best
            near[row] |= bit(own)
            clock += 1
            changed[own], changed[best] = clock, clock
    return clock > 1
