"""UMAP's graph: how strongly areas belong together, from their nearest neighbours.

The loops are compiled by numba: twice as fast as sums of SciPy's sparse matrices,
and on all cores.

Source: L. McInnes, J. Healy and J. Melville (2018), UMAP: Uniform Manifold
Approximation and Projection for Dimension Reduction, arXiv:1802.03426, algorithms 2
and 3; details as in umap-learn.
"""

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from models_py.side_by_side import in_threads

PART = 4_000  # areas that are seen to at once, on one core
STEPS = 64  # at most, of Newton's method: seven do nearly always
PRECISION = np.float32(1e-5)  # of the sum of strengths, as umap-learn has it
ONE = np.float32(1)  # a plain 1 would make double precision of what it divides
NARROWEST = np.float32(1e-3)  # width of a neighbourhood, of the mean distance in it


def fuzzy_graph(found: np.ndarray, distances: np.ndarray) -> csr_array:
    """Return how strongly areas belong together: sparse (n, n), symmetric, 0 to 1.

    Takes neighbours (n, k) and their distances (n, k), ascending, each area itself
    first. An area's nearest neighbour counts 1, further ones less, such that all
    together count log2(k). An area's edges are in the order of the others' numbers.
    """
    count = len(found)
    others = np.ascontiguousarray(found[:, 1:])
    strengths = np.empty(others.shape, dtype=np.float32)
    united = np.empty_like(strengths)
    one_way = np.empty(others.shape, dtype=np.bool_)
    mean = distances.mean()
    parts = [(at, min(at + PART, count)) for at in range(0, count, PART)]
    in_threads(weigh, [(*part, distances, mean, strengths) for part in parts])
    in_threads(unite, [(*part, others, strengths, united, one_way) for part in parts])
    # Each area has its own edges, and those of others to it that go one way.
    edges = others.shape[1] + np.bincount(others[one_way], minlength=count)
    starts = np.concatenate([[0], np.cumsum(edges)]).astype(np.int32)
    ends = np.empty(starts[-1], dtype=np.int32)
    both = np.empty(starts[-1], dtype=np.float32)
    assemble(others, united, one_way, starts[:-1].copy(), ends, both)
    graph = csr_array((both, ends, starts), (count, count))
    graph.sort_indices()
    return graph


@njit(nogil=True, cache=True)
def weigh(
    first: int,
    last: int,
    distances: np.ndarray,
    mean: np.float32,
    strengths: np.ndarray,
) -> None:
    """Write how strongly areas `first` to `last` hold to their neighbours (n, k - 1).

    A strength is exp(-rate * beyond), where `beyond` tells by how much a neighbour is
    further than the nearest, and the rate is such that they sum to log2(k). The sum
    falls ever more slowly as the rate grows: so Newton's method, from 0, comes nearer
    with each step and never goes too far.
    """
    neighbors = distances.shape[1]
    wanted = np.float32(np.log2(neighbors))
    for area in range(first, last):
        nearest, total = np.float32(0), np.float32(0)
        for place in range(1, neighbors):
            total += distances[area, place]
            if nearest == 0:
                nearest = distances[area, place]
        own_mean = total / np.float32(neighbors) if nearest > 0 else mean
        # Where many neighbours are alike the width would go to nothing.
        rate, narrowest = np.float32(0), NARROWEST * own_mean
        for _ in range(STEPS):
            together, slope = np.float32(0), np.float32(0)
            for place in range(1, neighbors):
                beyond = max(distances[area, place] - nearest, np.float32(0))
                strength = np.exp(-rate * beyond)
                strengths[area, place - 1] = strength
                together += strength
                slope += beyond * strength
            if together - wanted < PRECISION or slope == 0 or rate * narrowest >= 1:
                break
            rate += (together - wanted) / slope
            if rate * narrowest > 1:
                rate = ONE / narrowest


@njit(nogil=True, cache=True)
def unite(
    first: int,
    last: int,
    others: np.ndarray,
    strengths: np.ndarray,
    united: np.ndarray,
    one_way: np.ndarray,
) -> None:
    """Write how strongly areas `first` to `last` belong together with others (n, k).

    Of strengths a and b either way that is a + b - ab. `one_way` tells where the other
    doesn't have the area among its own neighbours.
    """
    for area in range(first, last):
        for place in range(others.shape[1]):
            other = others[area, place]
            back = np.float32(0)
            one_way[area, place] = True
            for own in range(others.shape[1]):
                if others[other, own] == area:
                    back = strengths[other, own]
                    one_way[area, place] = False
                    break
            there = strengths[area, place]
            united[area, place] = there + back - there * back


@njit(nogil=True, cache=True)
def assemble(
    others: np.ndarray,
    united: np.ndarray,
    one_way: np.ndarray,
    free: np.ndarray,
    ends: np.ndarray,
    both: np.ndarray,
) -> None:
    """Write the edges' ends and their strengths, area by area.

    `free` (n,) is where each area's edges start, and is moved on.
    """
    for area in range(len(others)):
        for place in range(others.shape[1]):
            other, strength = others[area, place], united[area, place]
            ends[free[area]], both[free[area]] = other, strength
            free[area] += 1
            if one_way[area, place]:
                ends[free[other]], both[free[other]] = area, strength
                free[other] += 1
