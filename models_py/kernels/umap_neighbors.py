"""Nearest neighbours by cosine distance: exact, or in cells where areas are many.

Cells are k-means clusters of areas. In them, each area is compared with those in the
VISITED cells that are nearest to it. One cell is compared with all of its visitors at
once, by a product of two matrices, which takes a fraction of the time of so many single
products.

Source: H. Jégou, M. Douze and C. Schmid (2011), Product quantization for nearest
neighbor search, IEEE TPAMI 33(1), 117-128, section 4 (the cells, there inverted lists).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from models_py.kernels.greatest import (
    BLOCK,
    NOBODY,
    OTHERS,
    keep_greatest,
    nobody,
    slices,
)
from models_py.kernels.lloyd import lloyd, make_areas
from models_py.side_by_side import in_threads

CELL_AREAS = 300  # on average
CELL_SAMPLE = 20_000  # areas from which the cells are made,
CELL_ITERATIONS = 5  # by so many iterations of k-means: they need not be the best
VISITED = 20
PART = 12_500  # areas that visit the cells together, on one core

ITSELF = 2  # nearer than any other can be


class Cells(NamedTuple):
    """Groups of areas that lie close together."""

    centroids: np.ndarray
    """Shape (c, d), float32: the cells' centres, of length 1."""
    nearest: np.ndarray
    """Shape (n, v): each area's nearest cells, that to which it belongs first."""


def unit_rows(values: np.ndarray) -> np.ndarray:
    """Return each row (n, d) divided by its length, float32; rows of zeros stay."""
    lengths = np.sqrt(np.einsum("nd,nd->n", values, values))[:, np.newaxis]
    unit = np.empty(values.shape, dtype=np.float32)
    np.divide(values, np.where(lengths > 0, lengths, 1), out=unit, casting="same_kind")
    return unit


def make_cells(unit: np.ndarray) -> Cells:
    """Return cells of rows (n, d) of length 1 or 0, CELL_AREAS in each on average."""
    centroids = unit_rows(cell_centroids(unit, round(len(unit) / CELL_AREAS)))
    nearest, closeness = nobody(len(unit), min(VISITED, len(centroids)))
    search_all(unit, centroids, nearest, closeness)
    return Cells(centroids, nearest)


def cell_centroids(unit: np.ndarray, count: int) -> np.ndarray:
    """Return the centres (c, d) of so many cells."""
    random = np.random.default_rng(0)
    rows = np.sort(random.permutation(len(unit))[:CELL_SAMPLE])
    areas = make_areas(unit[rows].astype(float), np.ones(len(rows)))
    start = areas.single[random.choice(len(rows), count, replace=False)]
    _, centroids, _ = lloyd(areas, start[np.newaxis], CELL_ITERATIONS)
    return centroids[0, :, : unit.shape[1]]


def nearest_neighbors(
    unit: np.ndarray, neighbors: int, cells: Cells | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return neighbours (n, k) and cosine distances (n, k), each area itself first.

    Takes rows (n, d) of length 1 or 0, as from `unit_rows`, more than k of them. Where
    cells are given, neighbours are sought in those nearest to each area.
    """
    found, nearness = themselves(np.arange(len(unit)), neighbors)
    if cells is None:
        search_all(unit, unit, found, nearness)
    else:
        search_cells(unit, cells, found, nearness)
        lonely = np.flatnonzero(found[:, -1] == NOBODY)  # too few in the cells around
        again = themselves(lonely, neighbors)
        search_all(unit[lonely], unit, *again)
        found[lonely], nearness[lonely] = again
    return found, np.clip(1 - nearness, 0, 2)


def themselves(areas: np.ndarray, neighbors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return neighbours (m, k) and their nearness (m, k) before any search.

    Each area is its own first one, also where others are alike to the last digit.
    """
    found, nearness = nobody(len(areas), neighbors)
    found[:, 0], nearness[:, 0] = areas, ITSELF
    return found, nearness


def search_all(
    rows: np.ndarray, others: np.ndarray, found: np.ndarray, nearness: np.ndarray
) -> None:
    """Compare each row (m, d) with all others (n, d); write to (m, k) arrays."""
    names = np.arange(len(others), dtype=np.int32)

    def search(part: slice) -> None:
        everyone = np.arange(len(rows[part]))
        for block in slices(0, len(others), OTHERS):
            products = rows[part] @ others[block].T
            keep_greatest(products, everyone, names[block], found[part], nearness[part])

    in_threads(search, [(part,) for part in slices(0, len(rows), BLOCK)])


def search_cells(
    unit: np.ndarray, cells: Cells, found: np.ndarray, nearness: np.ndarray
) -> None:
    """Compare each row (n, d) with those in its nearest cells; write to (n, k)."""
    count, own = len(cells.centroids), cells.nearest[:, 0]
    members = np.argsort(own, kind="stable").astype(np.int32)
    by_cell = unit[members]
    held = list(pairwise(bounds(own, count)))

    def search(part: slice) -> None:
        # Small numbers are sorted by their digits, which takes a tenth of the time.
        visited = cells.nearest[part].ravel().astype(np.min_scalar_type(count))
        visitors = np.argsort(visited, kind="stable") // cells.nearest.shape[1]
        visits = pairwise(bounds(visited, count))
        for (first, last), (start, end) in zip(held, visits, strict=True):
            for some in slices(start, end, OTHERS):
                rows = unit[part].take(visitors[some], axis=0)
                for block in slices(first, last, OTHERS):
                    keep_greatest(
                        *(rows @ by_cell[block].T, visitors[some], members[block]),
                        *(found[part], nearness[part]),
                    )

    in_threads(search, [(part,) for part in slices(0, len(unit), PART)])


def bounds(numbers: np.ndarray, count: int) -> list[int]:
    """Return where each of `count` numbers begins, when sorted, and the end."""
    return [0, *np.cumsum(np.bincount(numbers, minlength=count)).tolist()]
