"""k-means by a tournament: the strategy ``screened`` of models_py/methods/kmeans.py.

Many starts take a few iterations in single precision; the best run on until they have
settled, and are polished in double precision, until neither Lloyd's algorithm nor
moving one area at a time lowers the inertia any further. Where these finalists
disagree, new starts are bred from them. Sources: see models_py/methods/kmeans.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from models_py.kernels.lloyd import (
    Areas,
    inertia_about,
    lloyd,
    make_areas,
    means,
    moves,
    spread_rows,
    squares_about,
)
from models_py.side_by_side import side_by_side

AT_ONCE = 5  # starts that one task takes together,
MANY_AREAS = 20_000  # where there aren't more areas than this
SETTLED = 0.02  # share of the areas that change: from here on moves are quicker
NEARLY_SETTLED = 0.001  # the same, where many areas' best starts are still to be found
MUTANTS = 0.5  # share of the offspring with a centroid that neither parent has
LLOYD_ITERATIONS = 1_000  # hardly ever reached: Lloyd's algorithm converges before
# Inertias of one partition, its clusters numbered differently, differ by rounding only.
# Fits that lie further apart than this, relatively, are different ones.
ROUNDING = 1e-9


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
    """How many of the best starts are run on and polished."""
    children: int
    """Offspring in each round, where the finalists disagree."""
    patience: int
    """Rounds without a gain before that ends."""
    grown: int = 12
    """Starts that a fit with one cluster less gives, where there is one."""
    grown_on_sample: int = 8
    """The same, in a tournament on a sample."""
    parents: int = 10
    """How many of the best are kept to breed from."""
    iterations: int = 6
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
            starts=min(restarts, round(4 * root)),
            finalists=min(restarts, 6 + round(root / 2)),
            children=7 + round(root / 2),
            patience=max(5, round(root / 5)),
            sample=min(20_000, 200 * restarts),
            winners=max(5, round(root / 2.6)),
        )

    @classmethod
    def along_k(cls, restarts: int) -> Screening:
        """Give the work that finds the same to 1e-4 of the inertia for k after k.

        A fit grown from the best with one cluster less is near the best already. 100
        restarts of scikit-learn were no better by more than 2e-5 for any k from 1 to
        10, four seeds, of the Liverpool region and each of its supergroups.
        """
        root = restarts**0.5
        return cls.from_restarts(restarts)._replace(
            starts=min(restarts, round(2 * root)),
            finalists=min(restarts, 2 + round(0.3 * root)),
            children=2 + round(0.4 * root),
            patience=3,
            grown=8,
        )

    @classmethod
    def of_drawn_areas(cls, restarts: int) -> Screening:
        """Give the work that many fits to areas drawn anew can afford, by all of them.

        A tournament on 1,000 of the areas, as 5 restarts would hold, ended in up to
        0.5 % more inertia for some draws of the Liverpool region, and what moved by it
        seemed unstable. With 20 starts of all areas none of 80 draws ends in more than
        5e-6, in the same time.
        """
        return cls.from_restarts(restarts)._replace(
            starts=restarts,
            finalists=min(restarts, 6),
            children=5,
            patience=3,
            sample=20_000,
        )


class Entrants(NamedTuple):
    """What a tournament is held on; the same for every number of clusters."""

    matrix: np.ndarray
    """Shape (n, d), float64, as it was given."""
    areas: Areas
    """Its distinct rows, centred and scaled as a whole."""
    inverse: np.ndarray
    """Which of these each row is, shape (n,)."""
    sample: Areas | None
    """A sample of the distinct rows, where there are many."""


def enter(matrix: np.ndarray, size: int, seed: int) -> Entrants:
    """Prepare a matrix for tournaments, on a sample of so many rows if it has more."""
    # No good partition parts areas that are equal, so they go as one, with a weight:
    # moving one of them alone would seldom help where moving all of them does.
    rows, inverse, weights = distinct_rows(matrix)
    # Centred and scaled as a whole, the values keep their digits in single precision.
    centred = rows - np.average(rows, axis=0, weights=weights)
    areas = make_areas(centred / (np.abs(centred).max() or 1), weights)
    sample = _sample(areas, size, seed) if len(rows) > size else None
    return Entrants(matrix, areas, inverse, sample)


def screened(
    entrants: Entrants,
    clusters: int,
    screening: Screening,
    seed: int,
    workers: int | None,
    grow_from: np.ndarray | None = None,
) -> tuple[KMeansFit, np.ndarray]:
    """Return the tournament's best fit, and its finalists' labels, best first."""
    matrix, areas, inverse, sample = entrants
    if clusters in (1, len(areas.double)):
        labels = (inverse if clusters > 1 else np.zeros(len(matrix))).astype(np.int32)
        return _described(matrix, labels, clusters), labels[np.newaxis]
    grown = _grown(areas, inverse, grow_from, screening.grown, seed)
    options = (clusters, screening, seed, workers, grown)
    best, finalists = (
        _tournament(areas, *options)
        if sample is None
        else _tournament_on_sample(areas, sample, *options)
    )
    labels = np.array([finalist.labels for finalist in finalists])[:, inverse]
    return _described(matrix, best.labels[inverse], clusters), labels


def _described(matrix: np.ndarray, labels: np.ndarray, clusters: int) -> KMeansFit:
    """Complete the labels to a fit: their centroids and their inertia."""
    weights = np.ones(len(matrix))
    centroids, _ = means(matrix, weights, labels, clusters)
    return KMeansFit(
        labels, centroids, inertia_about(matrix, weights, labels, centroids)
    )


def _sample(areas: Areas, size: int, seed: int) -> Areas:
    """Draw so many of the rows, without repetition."""
    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(len(areas.double), size=size, replace=False))
    return make_areas(areas.double[rows], areas.weights[rows])


def _grown(
    areas: Areas, inverse: np.ndarray, labels: np.ndarray | None, count: int, seed: int
) -> list[np.ndarray]:
    """Return centroids (k, d) to start from: a former fit's and a row far from them.

    `labels` (n,) are the former fit's; `inverse` tells which row each of them is.
    """
    if labels is None:
        return []
    labels_of_rows = np.empty(len(areas.double), np.int32)
    labels_of_rows[inverse] = labels
    clusters = int(labels.max()) + 1
    centroids, _ = means(areas.double, areas.weights, labels_of_rows, clusters)
    share = areas.weights * squares_about(areas.double, labels_of_rows, centroids)
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
    sample: Areas,
    clusters: int,
    screening: Screening,
    seed: int,
    workers: int | None,
    grown: list[np.ndarray],
) -> tuple[KMeansFit, list[KMeansFit]]:
    """Hold a tournament on a sample; its distinct winners see all areas."""
    # A sample ranks the basins not quite as all areas do, so more of them go on; to
    # lower the sample's own inertia any further, by breeding, would be lost work.
    wide = screening._replace(finalists=3 * screening.finalists, patience=0)
    likely = grown[: screening.grown_on_sample]
    best, finalists = _tournament(sample, clusters, wide, seed, workers, likely)
    winners = _distinct([best, *finalists])[: screening.winners]
    starts = [winner.centroids for winner in winners]
    settled = (LLOYD_ITERATIONS, NEARLY_SETTLED)
    finished = _best_first(_together(_run_lloyd, areas, starts, workers, *settled))
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
    child takes every centroid from one of two parents, and in one child of two, one of
    them is put on an area drawn at random instead (Gribel & Vidal 2019 do so in every
    child; half finds more). This goes on until it has not helped for a few rounds.
    Where the finalists agree, nothing is done.
    """
    if all(_resembles(finalists[0], other) for other in finalists[1:]):
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
        improved = parents[0].inertia < least * (1 - ROUNDING)
        patience = screening.patience if improved else patience - 1
    return parents[0]


def _child(
    matrix: np.ndarray, parents: list[KMeansFit], random: np.random.Generator
) -> np.ndarray:
    """Centroids from two of the parents, perhaps one of them put on a random area."""
    one, other = random.choice(len(parents), size=2, replace=False)
    mother, father = parents[one].centroids, parents[other].centroids
    apart = ((mother[:, np.newaxis] - father) ** 2).sum(axis=2)
    _, match = linear_sum_assignment(apart)
    from_mother = random.random(len(mother)) < 0.5
    child = np.where(from_mother[:, np.newaxis], mother, father[match])
    if random.random() < MUTANTS:
        child[random.integers(len(child))] = matrix[random.integers(len(matrix))]
    return child


def _best_first(fits: list[KMeansFit]) -> list[KMeansFit]:
    return sorted(fits, key=lambda fit: fit.inertia)


def _without_clones(fits: list[KMeansFit]) -> list[KMeansFit]:
    """Keep the fits, best first, that differ in inertia by more than rounding."""
    kept: list[KMeansFit] = []
    for fit in _best_first(fits):
        if not kept or fit.inertia > kept[-1].inertia * (1 + ROUNDING):
            kept.append(fit)
    return kept


def _together(
    task: Callable[..., list[KMeansFit]],
    areas: Areas,
    starts: np.ndarray | list[np.ndarray],
    workers: int | None,
    *options: float,
) -> list[KMeansFit]:
    """Run a task on starts, centroids (k, d) each, a few of them at once.

    Of many areas a single start is work enough for a core.
    """
    at_once = AT_ONCE if len(areas.single) <= MANY_AREAS else 1
    # An even number of batches leaves no core of two waiting.
    number = min(len(starts), 2 * -(-len(starts) // (2 * at_once)))
    batches = np.array_split(np.float32(starts), number)
    calls = [(areas, batch, *options) for batch in batches]
    return [fit for fits in side_by_side(task, calls, workers) for fit in fits]


def _run_lloyd(
    areas: Areas,
    starts: np.ndarray,
    iterations: int = LLOYD_ITERATIONS,
    settled: float = 0,
) -> list[KMeansFit]:
    """Lloyd's algorithm in single precision from each of the starts (m, k, d)."""
    return list(map(KMeansFit, *lloyd(areas, starts, iterations, settled)))


def _polished(areas: Areas, starts: np.ndarray) -> list[KMeansFit]:
    """Lloyd's algorithm until it has SETTLED, then moves in double precision."""
    labels, _, _ = lloyd(areas, starts, LLOYD_ITERATIONS, SETTLED)
    return improve_by_moves(areas, labels, starts.shape[1])


def improve_by_moves(
    areas: Areas, labels: np.ndarray, clusters: int
) -> list[KMeansFit]:
    """Move single areas between clusters until no such move lowers the inertia.

    Moving an area from cluster a, of n_a areas at squared distance d_a, to cluster b
    changes the inertia by ``n_b / (n_b + 1) * d_b - n_a / (n_a - 1) * d_a`` (Hartigan
    & Wong 1979), which can be negative although a is the nearer centroid: the two
    centroids follow the area. Where Lloyd's algorithm stops there are often a few such
    areas; where this stops, Lloyd's algorithm has nothing left to do either.

    Takes cluster numbers of several fits (m, n), 0 to clusters - 1, which stay as they
    are. Empty clusters are filled, if there are rows to fill them.
    """
    labels = labels.astype(np.int32)  # a copy
    least_gain = 1e-12 * float(areas.weights @ areas.squares)
    return list(map(KMeansFit, labels, *moves(areas, labels, clusters, least_gain)))


# --- Rows and partitions --------------------------------------------------------------


def distinct_rows(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the distinct rows, which of them each row is, and how often each occurs.

    Without duplicates, the usual case, the rows come back as they are.
    """
    # Equal rows have equal products with any vector, and these sort 40 times sooner
    # than whole rows do; different rows may have equal ones, so that is looked after.
    vector = np.random.default_rng(0).random(matrix.shape[1])
    products = (matrix * vector).sum(axis=1)
    options = {"return_inverse": True, "return_counts": True}
    _, first, inverse, counts = np.unique(products, return_index=True, **options)
    if len(first) == len(matrix):
        return matrix, np.arange(len(matrix)), np.ones(len(matrix))
    rows = matrix[first]
    if not np.array_equal(rows[inverse], matrix):
        rows, inverse, counts = np.unique(matrix, axis=0, **options)
    return rows, inverse.reshape(-1), counts.astype(np.float64)


def count_distinct(values: np.ndarray, enough: int) -> int:
    """Count rows (n, d) that differ, and stop at `enough`: mostly the first few do."""
    seen = set()
    for row in values + 0.0:  # which makes -0.0 and 0.0 alike
        seen.add(row.tobytes())
        if len(seen) == enough:
            break
    return len(seen)


def overlap(labels: np.ndarray, other: np.ndarray, clusters: int) -> np.ndarray:
    """Areas in each pair of clusters, shape (clusters, clusters)."""
    pairs = labels.astype(np.intp) * clusters + other
    return np.bincount(pairs, minlength=clusters**2).reshape(clusters, clusters)


def agreement(labels: np.ndarray, other: np.ndarray, clusters: int) -> np.ndarray:
    """Whether each area has the same cluster in both, once they are matched."""
    _, match = linear_sum_assignment(-overlap(labels, other, clusters))
    return match[labels] == other


def _resembles(fit: KMeansFit, other: KMeansFit) -> bool:
    """Tell whether two fits agree on 98 areas of 100."""
    clusters = len(fit.centroids)
    return bool(agreement(fit.labels, other.labels, clusters).mean() >= 0.98)


def _distinct(fits: list[KMeansFit]) -> list[KMeansFit]:
    """Keep the fits, best first, that resemble no better one."""
    kept: list[KMeansFit] = []
    for fit in fits:
        if not any(_resembles(fit, better) for better in kept):
            kept.append(fit)
    return kept
