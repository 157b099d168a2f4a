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
    A tournament. Many starts take a few iterations in single precision; the best run on
    until few areas change and are polished in double precision, until neither Lloyd's
    algorithm nor moving one area at a time (Hartigan & Wong 1979) lowers the inertia.
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
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from models_py.side_by_side import side_by_side
from models_py.tournament import (
    ROUNDING,
    KMeansFit,
    agreement,
    distinct_rows,
    enter,
    overlap,
    screened,
)

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Strategy = Literal["screened", "exhaustive"]


def fit_kmeans(
    matrix: np.ndarray,
    clusters: int,
    *,
    restarts: int,
    seed: int,
    strategy: Strategy = "screened",
    workers: int | None = -1,
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
        entrants = enter(matrix, restarts, seed)
        return screened(entrants, clusters, restarts, seed, workers)[0]
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
    return screened(enter(matrix, restarts, seed), clusters, restarts, seed, workers)


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
    Where there is a fit with one cluster less, ``screened`` also starts from its
    centroids and one more.
    """
    fits: dict[int, KMeansFit] = {}
    if strategy != "screened":
        options = {"restarts": restarts, "seed": seed, "workers": workers}
        for k in range_of_k:
            fits[k] = fit_kmeans(matrix, k, strategy=strategy, **options)
        return fits
    wanted = list(range_of_k)
    for k in {min(wanted), max(wanted)}:
        matrix = _checked(matrix, k, restarts)
    entrants = enter(matrix, restarts, seed)
    for k in wanted:
        grow_from = fits[k - 1].labels if k - 1 in fits else None
        fits[k], _ = screened(entrants, k, restarts, seed, workers, grow_from)
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
    agree = [agreement(labels, other, clusters) for other in finalists_labels]
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
        distinct = len(distinct_rows(matrix)[0])
        if distinct < clusters:
            raise ValueError(
                f"{clusters} clusters need as many distinct rows, but the matrix has "
                f"only {distinct} distinct rows among its {len(matrix)}."
            )
    return matrix


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
    slack = ROUNDING * least + np.finfo(np.float64).eps * (matrix**2).sum()
    return [fit for fit in fits if fit.inertia <= least + slack]


def _same_partition(labels: np.ndarray, other: np.ndarray, clusters: int) -> bool:
    """Whether two labellings group the areas alike, however they number the groups."""
    return np.count_nonzero(overlap(labels, other, clusters)) == len(np.unique(labels))
