"""UMAP: areas drawn in two dimensions so that similar ones lie together.

Two engines compute the same method:

``fast``
    The loops of models_py/kernels: neighbours (umap_neighbors.py), how strongly they
    belong together (umap_graph.py) and the epochs (umap_epochs.py). Against umap-learn:
    no 20 s of compiling at the first run on a machine, a fifth of the time after that,
    several threads, and the same map on any number of them. Trustworthiness is the same
    within 0.01, which benchmarks/ measures and the tests demand; places differ, as
    between two seeds.

``umap-learn``
    The authors' own library, on one thread.

Up to EXACT_AREAS areas all distances are compared. Beyond, both seek neighbours by
approximation: umap-learn by nearest-neighbour descent, `fast` in cells of areas. And
`fast` goes from coarse to fine: in the first half of the epochs, whose long steps lay
out the whole, a tenth of the areas stands for all; in the second half all move, from
the mean of their neighbours' places. That takes two thirds of the time and tears less
apart. (Of its own accord umap-learn takes 200 epochs instead of 500 beyond 10,000
areas; that was worse.)

Source: L. McInnes, J. Healy and J. Melville (2018), UMAP: Uniform Manifold
Approximation and Projection for Dimension Reduction, arXiv:1802.03426; umap-learn.
"""

import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from scipy.optimize import curve_fit
from scipy.sparse import csr_array

from models_py.kernels.umap_epochs import REPELLERS, force_table, move_areas
from models_py.kernels.umap_graph import fuzzy_graph
from models_py.kernels.umap_neighbors import make_cells, nearest_neighbors, unit_rows
from models_py.side_by_side import core_count

EXACT_AREAS = 20_000
STANDING_FOR = 10  # areas, beyond, for which one of them stands in the first half
EXTENT = 10.0  # side of the square over which places are drawn at first, as umap-learn


def umap_places(
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
        return umap_learn_places(values, neighbors, min_dist, epochs, seed)
    # numba takes a while to load: only when it is needed.

    order = np.random.default_rng(seed).permutation(len(values))
    unit = unit_rows(values)[order]
    start = np.random.default_rng(seed).uniform(0, EXTENT, (len(values), 2))
    graph, begun = likeness_graph(unit, neighbors), 0
    if len(unit) > EXACT_AREAS:
        begun, some = epochs // 2, len(unit) // STANDING_FOR
        sample = likeness_graph(unit[:some], neighbors)
        first = lay_out(sample, start[:some], min_dist, range(begun), epochs, seed)
        start = among_neighbors(graph, first, start)
    places = np.empty_like(start)
    places[order] = lay_out(graph, start, min_dist, range(begun, epochs), epochs, seed)
    return places


def likeness_graph(unit: np.ndarray, neighbors: int) -> csr_array:
    """Return how strongly rows (n, d) of length 1 belong together: sparse (n, n)."""
    cells = make_cells(unit) if len(unit) > EXACT_AREAS else None
    return fuzzy_graph(*nearest_neighbors(unit, neighbors, cells))


def among_neighbors(
    graph: csr_array, first: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return places (n, 2): the first areas' as given, those of others among them.

    That is the mean of their neighbours' places, weighted by how strongly they belong
    together (n, n). Whoever has no neighbour with a place waits for the next round;
    where no round helps, it stays where it was to start (n, 2).
    """
    places = np.concatenate([first, start[len(first) :]])
    placed = np.arange(len(places)) < len(first)
    while True:
        together = graph @ placed.astype(float)
        new = ~placed & (together > 0)
        if not new.any():
            return places
        sums = graph @ np.where(placed[:, np.newaxis], places, 0)
        places[new] = sums[new] / together[new, np.newaxis]
        placed |= new


def umap_learn_places(
    values: np.ndarray, neighbors: int, min_dist: float, epochs: int, seed: int
) -> np.ndarray:
    """Return the places (n, 2) that umap-learn gives."""
    # An engine that hardly any run takes: umap-learn takes seconds to import.
    from umap import UMAP

    known = {}
    if len(values) <= EXACT_AREAS:
        # umap-learn's own neighbour search compiles for 20 s before it starts.
        found, distances = nearest_neighbors(unit_rows(values), neighbors)
        known["precomputed_knn"] = found.astype(np.int64), distances
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
    """Load SciPy and the compiled loops, or compile them, by a map of six areas."""
    umap_places(np.eye(6), neighbors=3, min_dist=0.1, epochs=2, seed=0)


def closeness_curve(min_dist: float) -> tuple[float, float]:
    """Return a and b for which 1 / (1 + a d²ᵇ) is 1 up to min_dist and then decays."""
    distances = np.linspace(0, 3, 300)
    wanted = np.where(distances < min_dist, 1.0, np.exp(min_dist - distances))
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, wanted)
    return float(a), float(b)


def lay_out(
    graph: csr_array,
    start: np.ndarray,
    min_dist: float,
    epochs: range,
    in_all: int,
    seed: int,
) -> np.ndarray:
    """Return places (n, 2): areas that belong together pull, drawn ones push.

    Takes the places (n, 2) at which areas start, and which epochs to go through, of
    how many in all, by whose end steps have come down to nothing. Areas come in random
    order, see ``move_areas``.
    """
    count = graph.shape[0]
    graph.data[graph.data < graph.data.max() / in_all] = 0  # they would never pull
    graph.eliminate_zeros()
    shares = np.minimum(graph.data / graph.data.max() * 2**16, 2**16 - 1)
    shares = np.rint(shares).astype(np.uint16)
    random = np.random.default_rng(seed)
    # Behind the last areas the first ones come again.
    before = np.resize(start.astype(np.float32), (count + REPELLERS - 1, 2))
    after = np.empty_like(before)
    states = random.integers(1, 2**63, count, dtype=np.uint64)
    forces = force_table(*closeness_curve(min_dist))
    edges = graph.indptr.astype(np.int64), graph.indices.astype(np.int32)
    parts = equal_shares(edges[0], core_count())
    with ThreadPoolExecutor(len(parts)) as pool:
        for epoch in epochs:
            rate = np.float32(1 - epoch / in_all)
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
