"""k-means with many restarts: exactly as scikit-learn does it, or much faster.

Lloyd's algorithm (Lloyd 1982) finds a local minimum of the within-cluster sum of
squared distances, the *inertia*; which one depends on where it starts. Restarting it
1,000 times and keeping the best is the usual answer, and most of that time goes into
finishing starts that were never going to win. Two strategies are offered:

``exhaustive``
    Every restart runs to convergence in double precision. The result is that of
    ``sklearn.cluster.KMeans(clusters, init="random", n_init=restarts,
    random_state=seed)`` on one thread, label for label; the restarts run side by side.

``screened``
    A tournament. Many starts take a few iterations in single precision; the best run
    to convergence and are polished in double precision, until neither Lloyd's algorithm
    nor moving one area at a time (Hartigan & Wong 1979) lowers the inertia any further.
    Where these finalists disagree, new starts are bred from them (Gribel & Vidal 2019).
    With many areas the tournament is held on a random sample of them, without breeding,
    and only the distinct finalists see them all.

Both depend on the seed alone: not on the number of workers, nor on joblib's backend.

Sources
-------
- S. P. Lloyd (1982), Least squares quantization in PCM, IEEE Transactions on
  Information Theory 28(2), 129-137.
- J. A. Hartigan and M. A. Wong (1979), Algorithm AS 136: a k-means clustering
  algorithm, Journal of the Royal Statistical Society C 28(1), 100-108.
- D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding,
  Proceedings of SODA, 1027-1035.
- D. Gribel and T. Vidal (2019), HG-means: a scalable hybrid genetic algorithm for
  minimum sum-of-squares clustering, Pattern Recognition 88, 569-583.
- scikit-learn, sklearn.cluster.KMeans:
  https://scikit-learn.org/stable/modules/generated/sklearn.cluster.KMeans.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from models_py.side_by_side import side_by_side

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

    from models_py.lloyd import Areas

Strategy = Literal["screened", "exhaustive"]

AT_ONCE = 5  # starts that one task takes together
SETTLED = 0.01  # share of the areas that change: from here on moves are quicker
LLOYD_ITERATIONS = 1_000  # hardly ever reached: Lloyd's algorithm converges before


class KMeansFit(NamedTuple):
    """One classification of n areas with d variables into k clusters."""

    labels: np.ndarray
    """Cluster number of every area, 0 to k-1; shape (n,), integer."""
    centroids: np.ndarray
    """Mean of every cluster's areas, in the matrix's units; shape (k, d), float64."""
    inertia: float
    """Sum of squared distances from the areas to their own centroid."""


class Screening(NamedTuple):
    """How much work the ``screened`` strategy does. Every number may be raised."""

    starts: int
    """Short starts."""
    finalists: int
    """How many of the best starts are run to convergence."""
    children: int
    """Offspring in each round, where the finalists disagree."""
    patience: int
    """Rounds without a gain before that ends."""
    grown: int = 8
    """Starts that a fit with one cluster less gives, where there is one."""
    parents: int = 10
    """How many of the best are kept to breed from."""
    iterations: int = 8
    """Lloyd iterations that a short start takes."""
    sample: int = 20_000
    """With more areas than this, the tournament is held on a sample of so many."""
    winners: int = 12
    """After a tournament on a sample: distinct finalists that see all areas."""
    polished: int = 3
    """After a tournament on a sample: winners that are polished on all areas."""

    @classmethod
    def from_restarts(cls, restarts: int) -> Screening:
        """Give the work that finds what so many full restarts find."""
        root = restarts**0.5
        return cls(
            starts=min(restarts, round(6 * root)),
            finalists=min(restarts, 4 + round(root / 2)),
            children=5 + round(root / 3),
            patience=max(3, round(root / 5)),
            sample=min(20_000, 200 * restarts),
            winners=max(5, round(root / 2.6)),
        )


def fit_kmeans(
    matrix: np.ndarray,
    clusters: int,
    *,
    restarts: int,
    seed: int,
    strategy: Strategy = "screened",
    workers: int | None = -1,
    grow_from: np.ndarray | None = None,
) -> KMeansFit:
    """Classify the rows of a matrix into clusters of least inertia.

    Parameters
    ----------
    matrix
        Shape (n, d): one row per area, one column per variable, already transformed
        and scaled. The row order matters to the numbering, so sort by the area key.
    clusters
        The number of clusters k, 1 to n.
    restarts
        How many starting positions. ``exhaustive`` runs them all; ``screened`` spends
        what is enough to do as well (``Screening.from_restarts``).
    seed
        0 or more; the same seed gives the same result.
    strategy
        "screened" or "exhaustive", as described at the top of this module.
    workers
        Fits that run side by side: -1 is one per core, None leaves it to
        ``joblib.parallel_config``. It never changes the result.
    grow_from
        Labels (n,) of a fit with one cluster less, if there is one: ``screened`` then
        also starts from its centroids and one more.

    Raises
    ------
    ValueError
        If the matrix is not two-dimensional and finite, if there are more clusters
        than distinct rows, or if a parameter is out of range.

    """
    matrix = _checked(matrix, clusters, restarts)
    if strategy == "exhaustive":
        return _exhaustive(matrix, clusters, restarts, seed, workers)
    if strategy == "screened":
        return _screened(matrix, clusters, restarts, seed, workers, grow_from)[0]
    raise ValueError(
        f'The strategy is "screened" or "exhaustive", but {strategy!r} was given.'
    )


def fit_with_finalists(
    matrix: np.ndarray,
    clusters: int,
    *,
    restarts: int,
    seed: int,
    workers: int | None = -1,
) -> tuple[KMeansFit, np.ndarray]:
    """Fit as ``fit_kmeans`` does when screened, and keep the good restarts too.

    Returns the fit and the labels of the finalists, shape (finalists, n), best first.
    Their numbering differs from restart to restart; ``stability`` matches it.
    Parameters and errors are those of ``fit_kmeans``.
    """
    matrix = _checked(matrix, clusters, restarts)
    return _screened(matrix, clusters, restarts, seed, workers)


def fit_with_stability(
    matrix: np.ndarray,
    clusters: int,
    *,
    restarts: int,
    seed: int,
    strategy: Strategy = "screened",
    workers: int | None = -1,
) -> tuple[KMeansFit, np.ndarray]:
    """Fit as ``fit_kmeans`` does; say of each area how many good restarts agree.

    Returns the fit and the ``stability``, shape (n,); NaN where the strategy is
    exhaustive, which keeps no restart but the best. Parameters and errors are those of
    ``fit_kmeans``.
    """
    options = {"restarts": restarts, "seed": seed, "workers": workers}
    if strategy != "screened":
        fit = fit_kmeans(matrix, clusters, strategy=strategy, **options)
        return fit, np.full(len(matrix), np.nan)
    fit, finalists = fit_with_finalists(matrix, clusters, **options)
    return fit, stability(fit.labels, finalists, clusters)


def fit_range(
    matrix: np.ndarray,
    range_of_k: Iterable[int],
    *,
    restarts: int,
    seed: int,
    strategy: Strategy = "screened",
    workers: int | None = -1,
) -> dict[int, KMeansFit]:
    """Fit several numbers of clusters, as a clustergram needs: {k: fit}.

    Parameters and errors are those of ``fit_kmeans``; every k has as many restarts.
    """
    fits: dict[int, KMeansFit] = {}
    for k in range_of_k:
        fits[k] = fit_kmeans(
            matrix,
            k,
            restarts=restarts,
            seed=seed,
            strategy=strategy,
            workers=workers,
            grow_from=fits[k - 1].labels if k - 1 in fits else None,
        )
    return fits


def each_group(
    task: Callable[[np.ndarray, int], Any],
    groups: list[np.ndarray],
    strategy: Strategy = "screened",
) -> list[Any]:
    """Return ``task(group, workers)`` for each group of areas, in their order.

    Screened fits of a group take milliseconds, so whole groups are shared out among
    the cores; of an exhaustive fit it is the restarts.
    """
    if strategy == "screened":
        return side_by_side(task, [(group, 1) for group in groups], -1)
    return [task(group, -1) for group in groups]


def stability(
    labels: np.ndarray, finalists_labels: np.ndarray, clusters: int
) -> np.ndarray:
    """Share of the good restarts that put each area where the final labels do.

    Each restart numbers its clusters in its own way, so its clusters are first
    matched with the final ones such that as many areas as possible agree.

    Parameters
    ----------
    labels
        Final cluster numbers, shape (n,), 0 to clusters-1.
    finalists_labels
        Cluster numbers of m restarts, shape (m, n), from ``fit_with_finalists``.
    clusters
        The number of clusters.

    Returns
    -------
    Shape (n,), float64, 0 to 1: 1 is an area that no restart puts elsewhere.

    """
    finalists_labels = np.atleast_2d(finalists_labels)
    if finalists_labels.shape[0] == 0 or finalists_labels.shape[1] != len(labels):
        raise ValueError(
            f"Labels of at least one restart for {len(labels)} areas are needed, but "
            f"an array of shape {finalists_labels.shape} was given."
        )
    agree = [_agreement(labels, other, clusters) for other in finalists_labels]
    return np.mean(agree, axis=0)


def prepare() -> None:
    """Load SciPy and the compiled loops, or compile them, by a fit of six areas."""
    import scipy.optimize  # noqa: F401

    fit_kmeans(np.eye(6), 2, restarts=4, seed=0, workers=1)


# --- Checks -------------------------------------------------------------------------


def _checked(matrix: np.ndarray, clusters: int, restarts: int) -> np.ndarray:
    """Return the matrix as contiguous float64, or say why it will not do."""
    matrix = np.ascontiguousarray(matrix, dtype=np.float64)
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(
            "k-means needs a matrix of areas by variables, but an array of shape "
            f"{matrix.shape} was given."
        )
    if not np.isfinite(matrix).all():
        raise ValueError("k-means needs numbers, but the matrix has missing values.")
    if restarts < 1:
        raise ValueError(f"At least 1 restart is needed, but {restarts} was given.")
    if not 1 <= clusters <= len(matrix):
        raise ValueError(
            f"The number of clusters is 1 to {len(matrix)}, the number of areas, but "
            f"{clusters} was given."
        )
    if clusters > 1:
        distinct = len(_distinct_rows(matrix)[0])
        if distinct < clusters:
            raise ValueError(
                f"{clusters} clusters need as many distinct rows, but the matrix has "
                f"only {distinct} distinct rows among its {len(matrix)}."
            )
    return matrix


def _distinct_rows(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the distinct rows, which of them each row is, and how often each occurs.

    Without duplicates, the usual case, the rows come back as they are.
    """
    # Equal rows have equal products with any vector, so as many different products as
    # rows rule duplicates out; that is 40 times sooner than sorting whole rows.
    vector = np.random.default_rng(0).random(matrix.shape[1])
    if len(np.unique((matrix * vector).sum(axis=1))) == len(matrix):
        return matrix, np.arange(len(matrix)), np.ones(len(matrix))
    rows, inverse, counts = np.unique(
        matrix, axis=0, return_inverse=True, return_counts=True
    )
    return rows, inverse.reshape(-1), counts.astype(np.float64)


# --- Threads ------------------------------------------------------------------------


@cache
def _thread_pools() -> ThreadpoolController:
    """Look up the native thread pools of this process, once: that takes 3 ms."""
    import sklearn.cluster  # noqa: F401  (so that its pools are there to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep scikit-learn and NumPy to one thread in the calling thread.

    Fits run side by side, one per core, so each must keep to one thread: pools that
    compete for a busy core made a fit of 1 second take 23. Two facts decide where the
    limit has to be set:

    - OpenMP, which scikit-learn's Lloyd uses, counts its threads per calling thread.
      A limit set before the workers start does not reach them; each task sets it.
    - BLAS counts its threads per process. Every fit of scikit-learn sets that to 1
      and restores on leaving what it found on entering, so fits that overlap restore
      one another's values, and can leave the whole process limited or not limited at
      all. With the limit set here around all tasks as well (``_single_threaded``), 1 is
      all that anyone ever finds, and the caller's own value comes back at the end.
    """
    with _thread_pools().limit(limits=1):
        yield


def _single_threaded(
    task: Callable[..., Any], calls: Iterable[tuple[Any, ...]], workers: int | None
) -> list[Any]:
    """Give what ``side_by_side`` gives, with one thread of scikit-learn for a task."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with _one_thread(), warnings.catch_warnings():
        # A start that leaves a cluster empty is no news: it loses, or is mended.
        # (Said here, because Python's filters belong to the process, not a thread.)
        warnings.simplefilter("ignore", ConvergenceWarning)
        limited = [(task, *call) for call in calls]
        return side_by_side(_with_one_thread, limited, workers)


def _with_one_thread(task: Callable[..., Any], *arguments: Any) -> Any:
    with _one_thread():
        return task(*arguments)


# --- Exhaustive ---------------------------------------------------------------------

# Inertias of one partition, its clusters numbered differently, differ by rounding only.
# Restarts that lie further apart than this, relatively, cannot be reordered by it.
_ROUNDING = 1e-9


def _exhaustive(
    matrix: np.ndarray, clusters: int, restarts: int, seed: int, workers: int | None
) -> KMeansFit:
    """Find what scikit-learn finds with ``n_init=restarts``, but side by side.

    The starting rows are drawn as KMeans draws them, from one random stream, and the
    best is chosen as KMeans chooses it, in the order of the restarts.
    """
    rows = _random_rows(len(matrix), clusters, restarts, seed)
    batches = np.array_split(rows, -(-restarts // 10))
    calls = [(matrix, batch) for batch in batches]
    results = _single_threaded(_full_fits, calls, workers)
    fits = [fit for batch in results for fit in batch]
    best = fits[0]
    for fit in fits[1:]:
        if fit.inertia < best.inertia and not _same_partition(
            fit.labels, best.labels, clusters
        ):
            best = fit
    return best


def _random_rows(areas: int, clusters: int, restarts: int, seed: int) -> np.ndarray:
    """Draw starts as KMeans(init="random") does: rows, shape (restarts, clusters)."""
    random = np.random.RandomState(seed)
    weights = np.ones(areas)
    share = weights / weights.sum()
    return np.array(
        [
            random.choice(areas, size=clusters, replace=False, p=share)
            for _ in range(restarts)
        ]
    )


def _full_fits(matrix: np.ndarray, rows: np.ndarray) -> list[KMeansFit]:
    """Fits from the given starting rows that can be the best of all, in their order.

    Those that are beaten within the batch are left out, to save memory.
    """
    from sklearn.cluster import KMeans

    fits = []
    for start in rows:
        model = KMeans(len(start), init=matrix[start], n_init=1).fit(matrix)
        fits.append(KMeansFit(model.labels_, model.cluster_centers_, model.inertia_))
    least = min(fit.inertia for fit in fits)
    slack = _ROUNDING * least + np.finfo(np.float64).eps * (matrix**2).sum()
    return [fit for fit in fits if fit.inertia <= least + slack]


def _same_partition(labels: np.ndarray, other: np.ndarray, clusters: int) -> bool:
    """Whether two labellings group the areas alike, however they number the groups."""
    return np.count_nonzero(_overlap(labels, other, clusters)) == len(np.unique(labels))


# --- Screened -----------------------------------------------------------------------


def _screened(
    matrix: np.ndarray,
    clusters: int,
    restarts: int,
    seed: int,
    workers: int | None,
    grow_from: np.ndarray | None = None,
) -> tuple[KMeansFit, np.ndarray]:
    """Return the tournament's best fit, and its finalists' labels, best first."""
    # No good partition parts areas that are equal, so they go as one, with a weight:
    # moving one of them alone would seldom help where moving all of them does.
    rows, inverse, weights = _distinct_rows(matrix)
    if clusters in (1, len(rows)):
        labels = (inverse if clusters > 1 else np.zeros(len(matrix))).astype(np.int32)
        return _described(matrix, labels, clusters), labels[np.newaxis]
    from models_py.lloyd import make_areas

    # Centred and scaled as a whole, the values keep their digits in single precision.
    centred = rows - np.average(rows, axis=0, weights=weights)
    areas = make_areas(centred / np.abs(centred).max(), weights)
    screening = Screening.from_restarts(restarts)
    grown = _grown(areas, inverse, grow_from, screening.grown, seed)
    hold = _tournament if len(rows) <= screening.sample else _tournament_on_sample
    best, finalists = hold(areas, clusters, screening, seed, workers, grown)
    labels = np.array([finalist.labels for finalist in finalists])[:, inverse]
    return _described(matrix, best.labels[inverse], clusters), labels


def _described(matrix: np.ndarray, labels: np.ndarray, clusters: int) -> KMeansFit:
    """Complete the labels to a fit: their centroids and their inertia."""
    from models_py.lloyd import inertia_about, means

    weights = np.ones(len(matrix))
    centroids, _ = means(matrix, weights, labels, clusters)
    return KMeansFit(
        labels, centroids, inertia_about(matrix, weights, labels, centroids)
    )


def _sample(areas: Areas, size: int, seed: int) -> Areas:
    """Draw so many of the rows, without repetition."""
    from models_py.lloyd import make_areas

    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(len(areas.double), size=size, replace=False))
    return make_areas(areas.double[rows], areas.weights[rows])


def _grown(
    areas: Areas, inverse: np.ndarray, labels: np.ndarray | None, count: int, seed: int
) -> list[np.ndarray]:
    """Return centroids (k, d) to start from: a former fit's and a row far from them.

    `labels` (n,) are the former fit's; `inverse` tells which row each of them is.
    """
    from models_py.lloyd import means

    if labels is None:
        return []
    labels_of_rows = np.empty(len(areas.double), np.int32)
    labels_of_rows[inverse] = labels
    clusters = int(labels.max()) + 1
    centroids, _ = means(areas.double, areas.weights, labels_of_rows, clusters)
    squares = ((areas.double - centroids[labels_of_rows]) ** 2).sum(axis=1)
    share = areas.weights * squares
    random = np.random.default_rng(seed)
    rows = random.choice(len(share), count, p=share / share.sum())
    return [np.vstack([centroids, areas.double[row]]) for row in rows]


def _tournament(
    areas: Areas,
    clusters: int,
    screening: Screening,
    seed: int,
    workers: int | None,
    grown: list[np.ndarray],
) -> tuple[KMeansFit, list[KMeansFit]]:
    """Make short starts, of which the best are polished and bred.

    Returns the best fit, and the polished starts (not their offspring), best first.
    """
    starts = _starting_rows(areas, clusters, screening.starts, seed)
    short = _best_first(
        _together(
            _run_lloyd, areas, areas.single[starts], workers, screening.iterations
        )
    )
    likely = [start.centroids for start in short[: screening.finalists]]
    finalists = _best_first(_together(_polished, areas, [*likely, *grown], workers))
    return _best_bred(areas, finalists, screening, seed, workers), finalists


def _starting_rows(areas: Areas, clusters: int, starts: int, seed: int) -> np.ndarray:
    """Draw the rows from which the starts begin, shape (starts, clusters).

    Every fourth start is spread out as by k-means++, which suits many and well
    separated clusters; the others are drawn at random, which suits the usual continuum.
    """
    from models_py.lloyd import spread_rows

    random = np.random.default_rng(seed)
    count = len(areas.weights)
    share = areas.weights / areas.weights.sum()
    return np.array(
        [
            random.choice(count, clusters, replace=False, p=share)
            if number % 4
            else spread_rows(areas.single, areas.weights, random.random(clusters))
            for number in range(starts)
        ]
    )


def _tournament_on_sample(
    areas: Areas,
    clusters: int,
    screening: Screening,
    seed: int,
    workers: int | None,
    grown: list[np.ndarray],
) -> tuple[KMeansFit, list[KMeansFit]]:
    """Hold a tournament on a sample; its distinct winners see all areas."""
    sample = _sample(areas, screening.sample, seed)
    # A sample ranks the basins not quite as all areas do, so more of them go on; to
    # lower the sample's own inertia any further, by breeding, would be lost work.
    wide = screening._replace(finalists=3 * screening.finalists, patience=0)
    best, finalists = _tournament(sample, clusters, wide, seed, workers, grown)
    winners = _distinct([best, *finalists], clusters)[: screening.winners]
    starts = [winner.centroids for winner in winners]
    finished = _best_first(_together(_run_lloyd, areas, starts, workers))
    starts = [fit.centroids for fit in finished[: screening.polished]]
    polished = _best_first(_together(_polished, areas, starts, workers))
    return polished[0], polished + finished[screening.polished :]


def _best_bred(
    areas: Areas,
    finalists: list[KMeansFit],
    screening: Screening,
    seed: int,
    workers: int | None,
) -> KMeansFit:
    """Return the best of the finalists and their offspring.

    Finalists that disagree have each found something that the others have not. A
    child takes every centroid from one of two parents, and one of them is put on an
    area drawn at random instead (Gribel & Vidal 2019). This goes on until it has not
    helped for a few rounds. Where the finalists agree, nothing is done.
    """
    if len(_distinct(finalists, len(finalists[0].centroids))) == 1:
        return finalists[0]
    random = np.random.default_rng(seed)
    parents = _without_clones(finalists)
    patience = screening.patience
    while patience and len(parents) > 1:
        starts = [
            _child(areas.double, parents, random) for _ in range(screening.children)
        ]
        children = _together(_polished, areas, starts, workers)
        least = parents[0].inertia
        parents = _without_clones([*parents, *children])[: screening.parents]
        improved = parents[0].inertia < least * (1 - _ROUNDING)
        patience = screening.patience if improved else patience - 1
    return parents[0]


def _child(
    matrix: np.ndarray, parents: list[KMeansFit], random: np.random.Generator
) -> np.ndarray:
    """Centroids from two of the parents, one of them put on a random area."""
    from scipy.optimize import linear_sum_assignment

    one, other = random.choice(len(parents), size=2, replace=False)
    mother, father = parents[one].centroids, parents[other].centroids
    apart = ((mother[:, np.newaxis] - father) ** 2).sum(axis=2)
    _, match = linear_sum_assignment(apart)
    from_mother = random.random(len(mother)) < 0.5
    child = np.where(from_mother[:, np.newaxis], mother, father[match])
    child[random.integers(len(child))] = matrix[random.integers(len(matrix))]
    return child


def _best_first(fits: list[KMeansFit]) -> list[KMeansFit]:
    return sorted(fits, key=lambda fit: fit.inertia)


def _without_clones(fits: list[KMeansFit]) -> list[KMeansFit]:
    """Keep the fits, best first, that differ in inertia by more than rounding."""
    kept: list[KMeansFit] = []
    for fit in _best_first(fits):
        if not kept or fit.inertia > kept[-1].inertia * (1 + _ROUNDING):
            kept.append(fit)
    return kept


def _together(
    task: Callable[..., list[KMeansFit]],
    areas: Areas,
    starts: np.ndarray | list[np.ndarray],
    workers: int | None,
    *options: int,
) -> list[KMeansFit]:
    """Run a task on starts, centroids (k, d) each, a few of them at once."""
    batches = np.array_split(np.float32(starts), -(-len(starts) // AT_ONCE))
    calls = [(areas, batch, *options) for batch in batches]
    return [fit for fits in side_by_side(task, calls, workers) for fit in fits]


def _run_lloyd(
    areas: Areas,
    starts: np.ndarray,
    iterations: int = LLOYD_ITERATIONS,
    settled: float = 0,
) -> list[KMeansFit]:
    """Lloyd's algorithm in single precision from each of the starts (m, k, d)."""
    from models_py.lloyd import lloyd

    return list(map(KMeansFit, *lloyd(areas, starts, iterations, settled)))


def _polished(areas: Areas, starts: np.ndarray) -> list[KMeansFit]:
    """Lloyd's algorithm until it has SETTLED, then moves in double precision."""
    fits = _run_lloyd(areas, starts, settled=SETTLED)
    return [_moved(areas, fit.labels, len(fit.centroids)) for fit in fits]


def _moved(areas: Areas, labels: np.ndarray, clusters: int) -> KMeansFit:
    """Return what single moves make of labels (n,), which stay as they are."""
    from models_py.lloyd import moves

    labels = labels.astype(np.int32)  # a copy
    least_gain = 1e-12 * float(areas.weights @ areas.squares)
    return KMeansFit(labels, *moves(areas, labels, clusters, least_gain))


def improve_by_moves(
    matrix: np.ndarray,
    labels: np.ndarray,
    clusters: int,
    weights: np.ndarray | None = None,
) -> KMeansFit:
    """Move single areas between clusters until no such move lowers the inertia.

    Moving an area from cluster a, of n_a areas at squared distance d_a, to cluster b
    changes the inertia by ``n_b / (n_b + 1) * d_b - n_a / (n_a - 1) * d_a`` (Hartigan
    & Wong 1979), which can be negative although a is the nearer centroid: the two
    centroids follow the area. Where Lloyd's algorithm stops there are often a few such
    areas; where this stops, Lloyd's algorithm has nothing left to do either.

    Parameters
    ----------
    matrix
        Shape (n, d), float64; best centred, for the digits.
    labels
        Shape (n,), cluster numbers 0 to clusters-1; left as they are.
    clusters
        The number of clusters. Empty ones are filled, if there are rows to fill them.
    weights
        How many equal areas each row stands for, shape (n,); they move together.

    """
    from models_py.lloyd import make_areas

    weights = np.ones(len(matrix)) if weights is None else weights
    fit = _moved(make_areas(matrix, weights), labels, clusters)
    return fit._replace(centroids=fit.centroids[:, : matrix.shape[1]])


# --- Clusters of two labellings -----------------------------------------------------


def _overlap(labels: np.ndarray, other: np.ndarray, clusters: int) -> np.ndarray:
    """Areas in each pair of clusters, shape (clusters, clusters)."""
    pairs = labels.astype(np.intp) * clusters + other
    return np.bincount(pairs, minlength=clusters**2).reshape(clusters, clusters)


def _agreement(labels: np.ndarray, other: np.ndarray, clusters: int) -> np.ndarray:
    """Whether each area has the same cluster in both, once they are matched."""
    from scipy.optimize import linear_sum_assignment

    _, match = linear_sum_assignment(-_overlap(labels, other, clusters))
    return match[labels] == other


def _distinct(fits: list[KMeansFit], clusters: int) -> list[KMeansFit]:
    """Keep the fits that no better one resembles in 98 areas of 100."""
    kept: list[KMeansFit] = []
    for fit in fits:
        if all(
            _agreement(fit.labels, better.labels, clusters).mean() < 0.98
            for better in kept
        ):
            kept.append(fit)
    return kept
