"""UMAP: areas drawn in two dimensions so that similar ones lie together.

Two engines compute the same method:

``fast``
    Neighbours, their weights and the curve with NumPy and SciPy, and the epochs in a
    loop of our own (models_py/layout.py). Against umap-learn: no 20 s of compiling at
    the first run on a machine, a fifth of the time after that, several threads, and the
    same map on any number of them. Trustworthiness is the same within 0.01, which
    benchmarks/ measures and the tests demand; places differ, as between two seeds.

``umap-learn``
    The authors' own library, on one thread.

Up to EXACT_AREAS areas all distances are compared. Beyond, both seek neighbours by
approximation: umap-learn by nearest-neighbour descent, `fast` in cells. Cells are
k-means clusters of areas; the neighbours of a cell's areas are sought in the cells
nearest to it that together hold EXACT_AREAS areas.

Sources
-------
- L. McInnes, J. Healy and J. Melville (2018), UMAP: Uniform Manifold Approximation and
  Projection for Dimension Reduction, arXiv:1802.03426; umap-learn.
- H. Jégou, M. Douze and C. Schmid (2011), Product quantization for nearest neighbor
  search, IEEE TPAMI 33(1), 117-128, section 4 (the cells, there inverted lists).
"""

import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models_py.side_by_side import core_count, in_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# So many areas are compared with each: all of them up to here, the likeliest beyond.
EXACT_AREAS = 20_000
CELL_AREAS = 200
CELL_ITERATIONS = 10
BLOCK = 512  # areas whose distances are computed at once,
CANDIDATES = 1024  # from so many others: that fits a core's own cache


def likeness_map(
    values: np.ndarray,
    neighbors: int,
    min_dist: float,
    epochs: int,
    seed: int,
    engine: str = "fast",
) -> np.ndarray:
    """Return places (n, 2) for (n, d) values, by cosine distance.

    Raises ValueError where there are no more areas than neighbours.
    """
    if len(values) <= neighbors:
        raise ValueError(
            f"umap_neighbors is {neighbors}, but there are only {len(values)} areas; "
            "ask for fewer with --set umap_neighbors=…"
        )
    if engine == "umap-learn":
        return map_of_umap_learn(values, neighbors, min_dist, epochs, seed)
    order = np.random.default_rng(seed).permutation(len(values))
    graph = fuzzy_graph(*nearest_neighbors(values[order], neighbors))
    places = np.empty((len(values), 2))
    places[order] = lay_out(graph, min_dist, epochs, seed)
    return places


def map_of_umap_learn(
    values: np.ndarray, neighbors: int, min_dist: float, epochs: int, seed: int
) -> np.ndarray:
    """Return the places (n, 2) that umap-learn gives."""
    from umap import UMAP

    known = {}
    if len(values) <= EXACT_AREAS:
        # umap-learn's own neighbour search compiles for 20 s before it starts.
        indices, distances = nearest_neighbors(values, neighbors)
        known["precomputed_knn"] = indices.astype(np.int64), distances
    with warnings.catch_warnings():
        # umap-learn says that a seed means one thread, and that a given neighbour
        # graph can't place new areas later: both are meant.
        warnings.filterwarnings("ignore", module="umap")
        model = UMAP(
            n_neighbors=neighbors,
            min_dist=min_dist,
            metric="cosine",
            init="random",
            n_epochs=epochs,
            random_state=seed,
            n_jobs=1,
            **known,
        )
        return model.fit_transform(values).astype(float)


def prepare() -> None:
    """Load SciPy and the compiled loop, or compile it, by a map of six areas."""
    likeness_map(np.eye(6), neighbors=3, min_dist=0.1, epochs=2, seed=0)


# --- Neighbours -----------------------------------------------------------------------


def nearest_neighbors(
    values: np.ndarray, neighbors: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return neighbours (n, k) and cosine distances (n, k), each area itself first."""
    unit = unit_rows(values)
    everyone = np.arange(len(unit))
    groups = (
        [(everyone, everyone)] if len(unit) <= EXACT_AREAS else cells_to_search(unit)
    )
    calls = [
        (unit, rows[start : start + BLOCK], candidates, neighbors)
        for rows, candidates in groups
        for start in range(0, len(rows), BLOCK)
    ]
    indices = np.empty((len(unit), neighbors), dtype=np.int32)
    distances = np.empty((len(unit), neighbors), dtype=np.float32)
    for call, found in zip(calls, in_threads(nearest_of, calls), strict=True):
        indices[call[1]], distances[call[1]] = found
    return indices, distances


def unit_rows(values: np.ndarray) -> np.ndarray:
    """Return each row divided by its length, float32; rows of zeros stay."""
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return (values / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def nearest_of(
    unit: np.ndarray, rows: np.ndarray, candidates: np.ndarray, neighbors: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the neighbours of some rows (m, k) among candidates, and distances.

    Candidates are in ascending order and hold the rows.
    """
    from models_py.layout import keep_greatest

    own = np.searchsorted(candidates, rows)
    columns = np.zeros((len(rows), neighbors), dtype=np.int64)
    greatest = np.full((len(rows), neighbors), -np.inf, dtype=np.float32)
    for first in range(0, len(candidates), CANDIDATES):
        block = candidates[first : first + CANDIDATES]
        nearness = unit[rows] @ unit[block].T
        # Of areas alike to the last digit any can come first; here it is each itself.
        inside = np.flatnonzero((own >= first) & (own < first + len(block)))
        nearness[inside, own[inside] - first] = 2
        keep_greatest(nearness, first, greatest, columns)
    distances = 1 - greatest
    distances[:, 0] = 0
    return candidates[columns], np.clip(distances, 0, 2)


def cells_to_search(unit: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return each cell's areas, and those among which their neighbours are sought."""
    centroids = cell_centroids(unit, round(len(unit) / CELL_AREAS))
    cells = nearest_cells(unit, centroids)
    members = np.split(
        np.argsort(cells, kind="stable"),
        np.cumsum(np.bincount(cells, minlength=len(centroids)))[:-1],
    )
    sizes = np.array([len(cell) for cell in members])
    squares = np.square(centroids).sum(axis=1)
    order = np.argsort(squares - 2 * centroids @ centroids.T, axis=1, kind="stable")
    groups = []
    for cell, nearest in enumerate(order):
        enough = np.searchsorted(np.cumsum(sizes[nearest]), EXACT_AREAS) + 1
        searched = np.union1d(nearest[:enough], cell)
        candidates = np.sort(np.concatenate([members[other] for other in searched]))
        groups.append((members[cell], candidates))
    return groups


def cell_centroids(unit: np.ndarray, count: int) -> np.ndarray:
    """Return the centres (c, d) of so many cells.

    The cells need to be compact, not best: a few iterations of k-means on some of the
    areas, from one start, will do.
    """
    from models_py.lloyd import lloyd, make_areas

    random = np.random.default_rng(0)
    rows = np.sort(random.permutation(len(unit))[:EXACT_AREAS])
    areas = make_areas(unit[rows].astype(float), np.ones(len(rows)))
    start = areas.single[random.choice(len(rows), count, replace=False)]
    _, centroids, _ = lloyd(areas, start[np.newaxis], CELL_ITERATIONS)
    return centroids[0, :, : unit.shape[1]]


def nearest_cells(unit: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the number of the centroid (c, d) that is nearest to each row (n, d)."""
    halves = np.square(centroids).sum(axis=1) / 2

    def nearest(first: int) -> np.ndarray:
        products = unit[first : first + CANDIDATES] @ centroids.T
        return np.argmax(products - halves, axis=1)

    calls = [(first,) for first in range(0, len(unit), CANDIDATES)]
    return np.concatenate(in_threads(nearest, calls))


# --- From neighbours to places --------------------------------------------------------


def fuzzy_graph(indices: np.ndarray, distances: np.ndarray) -> "csr_array":
    """Return how strongly areas belong together: sparse (n, n), symmetric, 0 to 1.

    An area's nearest neighbour counts 1, further ones less, such that all together
    count log2(k) (McInnes et al. 2018, algorithms 2 and 3, as umap-learn does it).
    """
    from scipy.sparse import csr_array

    count, neighbors = indices.shape
    others = distances[:, 1:]
    nearest = np.where(others > 0, others, np.inf).min(axis=1, keepdims=True)
    nearest[~np.isfinite(nearest)] = 0
    beyond = np.maximum(others - nearest, 0)
    widths = neighborhood_widths(beyond, np.log2(neighbors))
    # Where many neighbours are alike the width would go to nothing.
    mean = np.where(
        nearest > 0, distances.mean(axis=1, keepdims=True), distances.mean()
    )
    widths = np.maximum(widths, np.maximum(1e-3 * mean, np.finfo(np.float32).tiny))
    starts = np.arange(count + 1) * (neighbors - 1)
    strength = np.exp(-beyond / widths).ravel()
    one_way = csr_array((strength, indices[:, 1:].ravel(), starts), (count, count))
    other_way = one_way.T.tocsr()
    return (one_way + other_way - one_way * other_way).tocsr()


def neighborhood_widths(beyond: np.ndarray, target: float) -> np.ndarray:
    """Return widths (n, 1) so that exp(-beyond / width) sums to the target, by halving.

    `beyond` is (n, k): by how much each neighbour is further than the nearest.
    """
    low = np.zeros((len(beyond), 1), dtype=np.float32)
    high = np.full_like(low, np.inf)
    widths = np.ones_like(low)
    for _ in range(64):
        sums = np.exp(-beyond / widths).sum(axis=1, keepdims=True)
        if np.all(np.abs(sums - target) < 1e-5):
            break
        too_wide = sums > target
        high = np.where(too_wide, widths, high)
        low = np.where(too_wide, low, widths)
        halved = (low + np.where(np.isfinite(high), high, low)) / 2
        widths = np.where(np.isfinite(high), halved, 2 * widths)
        widths = np.maximum(widths, np.finfo(np.float32).tiny)
    return widths


def closeness_curve(min_dist: float) -> tuple[float, float]:
    """Return a and b for which 1 / (1 + a d²ᵇ) is 1 up to min_dist and then decays."""
    from scipy.optimize import curve_fit

    distances = np.linspace(0, 3, 300)
    wanted = np.where(distances < min_dist, 1.0, np.exp(min_dist - distances))
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, wanted)
    return float(a), float(b)


def lay_out(graph: "csr_array", min_dist: float, epochs: int, seed: int) -> np.ndarray:
    """Return places (n, 2): areas that belong together pull, drawn ones push.

    Areas come in random order, see ``move_areas``.
    """
    from models_py.layout import REPELLERS, force_table, move_areas

    count = graph.shape[0]
    graph.data[graph.data < graph.data.max() / epochs] = 0  # they would never pull
    graph.eliminate_zeros()
    graph.sort_indices()
    shares = np.minimum(graph.data / graph.data.max() * 2**16, 2**16 - 1)
    shares = np.rint(shares).astype(np.uint16)
    random = np.random.default_rng(seed)
    drawn = random.uniform(0, 10, (count, 2)).astype(np.float32)
    before = np.resize(drawn, (count + REPELLERS - 1, 2))  # the first follow the last
    after = np.empty_like(before)
    states = random.integers(1, 2**63, count, dtype=np.uint64)
    forces = force_table(*closeness_curve(min_dist))
    edges = graph.indptr.astype(np.int64), graph.indices.astype(np.int32)
    parts = equal_shares(edges[0], core_count())
    with ThreadPoolExecutor(len(parts)) as pool:
        for epoch in range(epochs):
            rate = np.float32(1 - epoch / epochs)
            moving = [
                pool.submit(
                    move_areas,
                    *(*part, before, after, *edges),
                    *(shares, forces, rate, epoch, states),
                )
                for part in parts
            ]
            for moved in moving:
                moved.result()
            after[count:] = np.resize(after[:count], (REPELLERS - 1, 2))
            before, after = after, before
    return before[:count].astype(float)


def equal_shares(starts: np.ndarray, parts: int) -> list[tuple[int, int]]:
    """Return first and last area of parts with like numbers of edges."""
    edges = np.linspace(0, starts[-1], parts + 1)[1:-1]
    bounds = [0, *np.searchsorted(starts, edges).tolist(), len(starts) - 1]
    return list(pairwise(bounds))
