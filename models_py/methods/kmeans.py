"""k-means with many restarts: exactly as scikit-learn does it, or much faster.

Lloyd's algorithm (Lloyd 1982) finds a local minimum of the within-cluster sum of
squared distances, the *inertia*; which one depends on where it starts. Restarting it
1,000 times and keeping the best is the usual answer, and most of that time goes into
finishing starts that were never going to win. Two strategies are offered:

``exhaustive``
    Every restart runs in double precision: ``sklearn.cluster.KMeans(clusters,
    init="random", n_init=restarts, random_state=seed)`` on one thread, the best of them
    beyond scikit-learn's tolerance until no area changes.

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

import warnings
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from models_py.kernels.tournament import (
    KMeansFit,
    Screening,
    agreement,
    count_distinct,
    enter,
    screened,
)
from models_py.side_by_side import side_by_side

Strategy = Literal["screened", "exhaustive"]

ITERATIONS_TO_THE_END = 10_000  # of which hardly any are needed
FEW = 10  # clusters up to which growing from k - 1 was measured to suffice


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
        return _exhaustive(matrix, clusters, restarts, seed)
    if strategy == "screened":
        screening = Screening.from_restarts(restarts)
        entrants = enter(matrix, screening.sample, seed)
        return screened(entrants, clusters, screening, seed, workers)[0]
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
    screening = Screening.from_restarts(restarts)
    entrants = enter(matrix, screening.sample, seed)
    return screened(entrants, clusters, screening, seed, workers)


def fit_drawn(
    matrix: np.ndarray, clusters: int, *, restarts: int, seed: int
) -> KMeansFit:
    """Fit areas that were drawn with replacement, as one of many such samples.

    Each is fitted on one thread, with as much less work as leaves the inertia the same
    (``Screening.of_drawn_areas``). Parameters and errors are those of ``fit_kmeans``.
    """
    matrix = _checked(matrix, clusters, restarts)
    screening = Screening.of_drawn_areas(restarts)
    entrants = enter(matrix, screening.sample, seed)
    return screened(entrants, clusters, screening, seed, workers=1)[0]


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
    centroids and one more, and up to ``FEW`` clusters spends less
    (``Screening.along_k``).
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
    entrants = enter(matrix, Screening.from_restarts(restarts).sample, seed)
    for k in wanted:
        work = Screening.along_k if k <= FEW else Screening.from_restarts
        screening = work(restarts)
        grow_from = fits[k - 1].labels if k - 1 in fits else None
        fits[k], _ = screened(entrants, k, screening, seed, workers, grow_from)
    return fits


def each_group(
    task: Callable[[np.ndarray], Any], groups: list[np.ndarray]
) -> list[Any]:
    """Return ``task(group)`` for each group of areas, in their order.

    A fit of a group takes milliseconds, so whole groups are shared out among the cores:
    the task keeps to one (`workers=1`).
    """
    return side_by_side(task, [(group,) for group in groups])


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
    """Load the compiled loops, or compile them, by a fit of six areas."""
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
        distinct = count_distinct(matrix, enough=clusters)
        if distinct < clusters:
            raise ValueError(
                f"{clusters} clusters need as many distinct rows, but the matrix has "
                f"only {distinct} distinct rows among its {len(matrix)}."
            )
    return matrix


# --- Exhaustive ---------------------------------------------------------------------


def _exhaustive(
    matrix: np.ndarray, clusters: int, restarts: int, seed: int
) -> KMeansFit:
    """Return scikit-learn's fit, on one thread: so sums add up in one order.

    scikit-learn stops where centroids move less than a tolerance, which on 190,000
    areas leaves some of them nearer to another centroid. So its best fit goes on until
    no area changes; where it got there by itself, nothing does.
    """
    # An alternative that hardly any run takes: scikit-learn is slow to import.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(clusters, init="random", n_init=restarts, random_state=seed)
    with threadpool_limits(1), warnings.catch_warnings():
        # A start that leaves a cluster empty is no news: it loses, or is mended.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix)
        settled = KMeans(
            clusters,
            init=model.cluster_centers_,
            n_init=1,
            max_iter=ITERATIONS_TO_THE_END,
            tol=0,
        ).fit(matrix)
    if (settled.labels_ != model.labels_).any():
        model = settled
    return KMeansFit(model.labels_, model.cluster_centers_, model.inertia_)
