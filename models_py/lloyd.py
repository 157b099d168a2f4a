"""The loops of k-means that NumPy can't express, compiled by numba.

A fit of a thousand areas takes a millisecond here; scikit-learn takes as long to look
at its arguments. Rows whose nearest centroid can't have changed are passed over
(Hamerly 2010), which is most of them once the first iterations are done. So a start
runs to its end in a third of the time that scikit-learn takes, on one thread each.

The machine code is kept in `__pycache__` beside this file, or in the user's cache
folder where that can't be written, so only the first run on a machine compiles.

Source: G. Hamerly (2010), Making k-means even faster, Proceedings of the SIAM
International Conference on Data Mining, 130-140.
"""

import numpy as np
from numba import njit

# Sums may be taken in any order, which lets the processor take several at once. It is
# the same order each time. Infinities and missing values are still respected.
SUMS = {"reassoc", "contract", "nsz", "arcp"}

LANES = 8  # numbers that a processor takes at once: columns are filled up to these
NEAR = 1.1  # areas for which a move would cost so much more than it saves are watched


def filled_up(matrix: np.ndarray) -> np.ndarray:
    """Return (n, d) values with columns of zeros, up to a multiple of LANES."""
    missing = -matrix.shape[1] % LANES
    return np.ascontiguousarray(np.pad(matrix, ((0, 0), (0, missing))))


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
    squares = np.ones(len(rows))  # the first: any row, by its weight
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
def move_row(
    rows: np.ndarray,
    row: int,
    weight: float,
    old: int,
    new: int,
    sums: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Take a row from one cluster's sum (k, d) and size (k,) to another's."""
    sizes[old] -= weight
    sizes[new] += weight
    for column in range(rows.shape[1]):
        part = weight * rows[row, column]
        sums[old, column] -= part
        sums[new, column] += part


@njit(nogil=True, fastmath=SUMS, cache=True)
def lloyd(
    rows: np.ndarray, weights: np.ndarray, start: np.ndarray, iterations: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Lloyd's algorithm until no label changes, or for so many iterations.

    Takes rows (n, d) in single precision, how many areas each stands for (n,) and
    centroids (k, d) to start from, k at least 2. Returns labels (n,), centroids (k, d)
    and the inertia about these. A cluster that loses its last row stays where it is:
    such a start is a poor one, and `moves` would fill it.
    """
    count, clusters = len(rows), len(start)
    centroids = start.copy()
    labels = np.empty(count, np.int32)
    sums = np.zeros(start.shape)
    sizes = np.zeros(clusters)
    # No row is further than `upper` from its own centroid, or nearer than `lower` to
    # another; when centroids shift, these bounds shift with them.
    upper = np.empty(count, np.float32)
    lower = np.empty(count, np.float32)
    shift = np.zeros(clusters, np.float32)
    half = np.zeros(clusters, np.float32)  # way to the nearest other centroid, halved
    for row in range(count):
        best, first, second = 0, np.float32(np.inf), np.float32(np.inf)
        for cluster in range(clusters):
            square = squared_distance(rows, row, centroids, cluster)
            if square < first:
                best, first, second = cluster, square, first
            elif square < second:
                second = square
        labels[row], upper[row], lower[row] = best, np.sqrt(first), np.sqrt(second)
        sizes[best] += weights[row]
        for column in range(rows.shape[1]):
            sums[best, column] += weights[row] * rows[row, column]
    for _ in range(iterations - 1):
        for cluster in range(clusters):
            square = np.float32(0)
            for column in range(rows.shape[1]):
                if sizes[cluster] > 0.5:
                    mean = np.float32(sums[cluster, column] / sizes[cluster])
                    apart = mean - centroids[cluster, column]
                    square += apart * apart
                    centroids[cluster, column] = mean
            shift[cluster] = np.sqrt(square)
        for cluster in range(clusters):
            nearest = np.float32(np.inf)
            for other in range(clusters):
                if other != cluster:
                    square = squared_distance(centroids, cluster, centroids, other)
                    nearest = min(nearest, square)
            half[cluster] = np.sqrt(nearest) / 2
        furthest, longest, second = 0, np.float32(-1), np.float32(-1)
        for cluster in range(clusters):
            if shift[cluster] > longest:
                furthest, longest, second = cluster, shift[cluster], longest
            elif shift[cluster] > second:
                second = shift[cluster]
        moved = 0
        for row in range(count):
            own = labels[row]
            within = upper[row] + shift[own]
            beyond = lower[row] - (second if own == furthest else longest)
            bound = max(beyond, half[own])
            if within > bound:
                square = squared_distance(rows, row, centroids, own)
                within = np.sqrt(square)
                if within > bound:
                    best, next_square = own, np.float32(np.inf)
                    for cluster in range(clusters):
                        if cluster != own:
                            other = squared_distance(rows, row, centroids, cluster)
                            if other < square:
                                best, next_square, square = cluster, square, other
                            elif other < next_square:
                                next_square = other
                    if best != own:
                        labels[row] = best
                        move_row(rows, row, weights[row], own, best, sums, sizes)
                        moved += 1
                    within, beyond = np.sqrt(square), np.sqrt(next_square)
            upper[row] = within
            lower[row] = beyond
        if moved == 0:
            break
    return labels, centroids, inertia_about(rows, weights, labels, centroids)


@njit(nogil=True, fastmath=SUMS, cache=True)
def means(
    rows: np.ndarray, weights: np.ndarray, labels: np.ndarray, clusters: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the clusters' centroids (k, d), 0 where empty, and their sizes (k,)."""
    centroids = np.zeros((clusters, rows.shape[1]))
    sizes = np.zeros(clusters)
    for row in range(len(rows)):
        sizes[labels[row]] += weights[row]
        for column in range(rows.shape[1]):
            centroids[labels[row], column] += weights[row] * rows[row, column]
    for cluster in range(clusters):
        for column in range(rows.shape[1]):
            centroids[cluster, column] /= max(sizes[cluster], 0.5)
    return centroids, sizes


@njit(nogil=True, fastmath=SUMS, cache=True)
def moves(
    rows: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    clusters: int,
    least_gain: float,
) -> tuple[np.ndarray, float]:
    """Move single rows until none gains more than `least_gain`; labels in place.

    Takes rows (n, d) in double precision. Only rows near a border ever move, so as long
    as that helps only those are looked at that were NEAR in the last look at all of
    them. Returns the centroids (k, d) and the inertia.
    """
    centroids, sizes = means(rows, weights, labels, clusters)
    near = np.zeros(len(rows), np.bool_)
    all_rows = True
    while True:
        moved = 0
        for row in range(len(rows)):
            if not (all_rows or near[row]):
                continue
            own, weight = labels[row], weights[row]
            left = sizes[own] - weight
            if left < 0.5:
                continue  # the last of its cluster stays
            saved = squared_distance(rows, row, centroids, own) * sizes[own] / left
            best, cost = own, np.inf
            for cluster in range(clusters):
                if cluster != own:
                    square = squared_distance(rows, row, centroids, cluster)
                    joining = square * sizes[cluster] / (sizes[cluster] + weight)
                    if joining < cost:
                        best, cost = cluster, joining
            near[row] = cost < NEAR * saved
            if weight * (saved - cost) > least_gain:
                joined = sizes[best] + weight
                for column in range(rows.shape[1]):
                    value = rows[row, column]
                    centroids[own, column] -= (
                        (value - centroids[own, column]) * weight / left
                    )
                    centroids[best, column] += (
                        (value - centroids[best, column]) * weight / joined
                    )
                sizes[own], sizes[best] = left, joined
                labels[row] = best
                moved += 1
        if all_rows and moved == 0:
            break
        if all_rows or moved == 0:
            all_rows = not all_rows
        if all_rows:
            centroids, sizes = means(rows, weights, labels, clusters)
    return centroids, inertia_about(rows, weights, labels, centroids)
