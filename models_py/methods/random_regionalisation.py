"""Random contiguous regionalisation: regions of given sizes that know only place.

What has a place alone to say of a value? Areas near each other are alike, so any
division into connected regions tells some of its variance, and more regions tell more.
Regions are taken from the map one by one: each starts at a random area and grows by
random touching ones, and only by such as leave the rest in one piece. So all are
connected and have exactly the sizes that were asked for. Areas that touch none, islands
or those beside a gap, are linked to the nearest.

Source: S. Openshaw (1977), A geographical solution to scale and aggregation problems in
region-building, partitioning and spatial modelling, Transactions of the Institute of
British Geographers 2(4), 459-472, for random regions; M. Eden (1961), A two-dimensional
growth process, for how they grow.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import KDTree

NEAREST = 8  # links that are weighed for an area that stands apart
STARTS = 20  # of one region, before the whole division is begun anew
DIVISIONS = 100  # before the sizes are given up

Near = list[set[int]]


def linked_neighbours(left: np.ndarray, right: np.ndarray, points: np.ndarray) -> Near:
    """Return each area's neighbours: those that touch, and links across gaps.

    `left` and `right` are rows that touch, `points` (n, 2) where the areas lie. Links
    are what the shortest tree through all areas needs beside the touching pairs.
    """
    count = len(points)
    order = np.lexsort(points.T)
    _, nearest = KDTree(points).query(points, k=min(NEAREST + 1, count))
    far_left = [order[:-1], np.repeat(np.arange(count), nearest.shape[1])]
    pairs = np.array([np.concatenate(far_left), [*order[1:], *nearest.ravel()]])
    pairs = np.unique(np.sort(pairs[:, pairs[0] != pairs[1]], axis=0), axis=1)
    lengths = np.linalg.norm(points[pairs[0]] - points[pairs[1]], axis=1)
    # Whatever touches comes first; no length may be 0, which would be no link.
    touching = np.unique(np.sort([left, right], axis=0), axis=1)
    at = np.hstack([touching, pairs])
    weights = np.concatenate([np.full(touching.shape[1], 1e-9), 1 + lengths])
    _, first = np.unique(at, axis=1, return_index=True)
    graph = coo_array((weights[first], at[:, first]), shape=(count, count))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    near: Near = [set() for _ in range(count)]
    for one, other in np.hstack([touching, [tree.row, tree.col]]).T.tolist():
        near[one].add(other)
        near[other].add(one)
    return near


def random_regions(near: Near, sizes: np.ndarray, seed: int) -> np.ndarray:
    """Return each area's region (n,), connected ones of the sizes (k,) in their order.

    Raises ValueError where the map leaves no room for such regions, as where all areas
    touch one only.
    """
    random = np.random.default_rng(seed)
    for _ in range(DIVISIONS):
        region = divided(near, sizes, random)
        if region is not None:
            return region
    raise ValueError(
        f"in {DIVISIONS} tries no {len(sizes)} connected regions were found that have "
        f"the classes' sizes ({sizes.min():,} to {sizes.max():,} areas): too few areas "
        "touch each other"
    )


def divided(
    near: Near, sizes: np.ndarray, random: np.random.Generator
) -> np.ndarray | None:
    """Return each area's region (n,), None where one didn't find room.

    The smallest go first, while the rest has room; the largest is what is left.
    """
    *smaller, largest = np.argsort(sizes, kind="stable")
    region = np.full(len(near), largest)
    rest = set(range(len(near)))
    for number in smaller:
        starts = random.permutation(sorted(rest))[:STARTS].tolist()
        tried = (grown(near, rest, start, sizes[number], random) for start in starts)
        taken = next((part for part in tried if len(part) == sizes[number]), None)
        if taken is None:
            return None
        region[list(taken)] = number
        rest -= taken
    return region


def grown(
    near: Near, rest: set[int], start: int, size: int, random: np.random.Generator
) -> set[int]:
    """Grow a region from an area until it has its size, or nothing more fits."""
    region: set[int] = set()
    left, edge = set(rest), {start}
    while edge and len(region) < size:
        # Sorted, because a set's order is nobody's to rely on.
        tried = random.permutation(sorted(edge)).tolist()
        room = size - len(region)
        harmless = (area for area in tried if keeps_together(near, left, area))
        taken = {area} if (area := next(harmless, None)) is not None else None
        if taken is None:
            parts = (with_what_it_cuts_off(near, left, area) for area in tried)
            taken = next((part for part in parts if len(part) <= room), None)
        if taken is None:
            break
        region |= taken
        left -= taken
        edge = edge.union(*(near[area] for area in taken)) & left
    return region


def keeps_together(near: Near, left: set[int], area: int) -> bool:
    """Tell whether an area's neighbours hang together without it, as most do."""
    around = near[area] & left
    return not around or hang_together(near, around, around)


def with_what_it_cuts_off(near: Near, left: set[int], area: int) -> set[int]:
    """Return an area and all that would no longer hang together with the rest."""
    without = left - {area}
    pieces, open_ends = [], near[area] & without
    if open_ends and hang_together(near, without, open_ends):
        return {area}
    while open_ends:
        *_, piece = rings(near, without, min(open_ends))
        pieces.append(piece)
        open_ends = open_ends - piece
    return {area}.union(*sorted(pieces, key=len)[:-1])


def hang_together(near: Near, within: set[int], areas: set[int]) -> bool:
    """Tell whether some areas reach each other without leaving a set."""
    return any(areas <= found for found in rings(near, within, min(areas)))


def rings(near: Near, within: set[int], start: int) -> Iterator[set[int]]:
    """Yield what is reached from an area in 0, 1, 2 … steps, until no more is."""
    found = ring = {start}
    while ring:
        yield found
        ring = (set().union(*(near[area] for area in ring)) & within) - found
        found = found | ring
