"""Clustergrams: k-means for every k, drawn along the first principal component.

Source: Schonlau (2002), The clustergram, The Stata Journal 2(4); Fleischmann (2023),
Clustergram: Visualization and diagnostics for cluster analysis, JOSS 8(89).
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

# Silhouettes compare every pair of areas; beyond this many a fixed sample is drawn.
SILHOUETTE_AREAS = 10_000
BLOCK = 400  # areas whose distances to as many others fit a core's own cache
PARTS = 8  # of that work, to be shared out among the cores


def labels_by_k(
    values: np.ndarray,
    largest: int,
    restarts: int,
    strategy: str,
    seed: int,
    workers: int = -1,
) -> dict[str, np.ndarray]:
    """Return cluster numbers (n,) for each k from 1 to the largest, named k1, k2, ….

    `values` is (n, d). Clusters are numbered from 0, the largest first. A group with
    fewer distinct areas than `largest` ends at its number of distinct areas.
    """
    from models_py.kmeans import fit_range
    from models_py.letters import order_by_size
    from models_py.tournament import distinct_rows

    distinct = len(distinct_rows(values)[0])
    fits = fit_range(
        values,
        range(1, min(largest, distinct) + 1),
        restarts=restarts,
        seed=seed,
        strategy=strategy,
        workers=workers,
    )
    return {
        f"k{k}": order_by_size(fit.labels, fit.centroids)[fit.labels].astype("int32")
        for k, fit in fits.items()
    }


def first_component(values: np.ndarray) -> np.ndarray:
    """Return each row's score (n,) on the first principal component of (n, d) values.

    The sign, which a decomposition leaves open, makes the largest loading positive.
    """
    centred = values - values.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    loadings = vectors[:, -1]
    return centred @ (loadings * np.sign(loadings[np.abs(loadings).argmax()]))


def score_labels(
    values: np.ndarray, labels: "pa.Table", seed: int
) -> list[dict[str, float | int | None]]:
    """Return for each column k1, k2, … of `labels` its inertia and quality scores.

    `values` is (n, d). Silhouette (Rousseeuw 1987), Calinski–Harabasz (1974) and
    Davies–Bouldin (1979) are as scikit-learn's; they are undefined (None) where k is 1
    or each area is its own cluster. Beyond SILHOUETTE_AREAS areas the silhouette is
    that of a sample of so many.
    """
    from models_py.side_by_side import in_threads

    numbers = {
        int(name[1:]): labels[name].to_numpy()
        for name in labels.column_names
        # A null: this supergroup has fewer areas than k.
        if name[0] == "k" and not labels[name].null_count
    }
    defined = {k: own for k, own in numbers.items() if 1 < k < len(own)}
    by_k = silhouettes(values, defined, seed)
    others = in_threads(centroid_scores, [(values, own) for own in numbers.values()])
    return [
        {
            "k": k,
            "inertia": within,
            "silhouette": by_k.get(k),
            "calinski_harabasz": variances if k in defined else None,
            "davies_bouldin": likeness if k in defined else None,
        }
        for k, (within, variances, likeness) in zip(numbers, others, strict=True)
    ]


def centroid_scores(
    values: np.ndarray, labels: np.ndarray
) -> tuple[float, float, float]:
    """Return inertia, Calinski–Harabasz and Davies–Bouldin for (n, d) values."""
    members = [values[labels == label] for label in np.unique(labels)]
    centroids = np.array([own.mean(axis=0) for own in members])
    squares = [
        np.square(own - centroid).sum(axis=1)
        for own, centroid in zip(members, centroids, strict=True)
    ]
    within = float(sum(own.sum() for own in squares))
    total = np.square(values - values.mean(axis=0)).sum()
    spreads = np.array([np.sqrt(own).mean() for own in squares])
    return (
        within,
        calinski_harabasz(total, within, len(members), len(values)),
        davies_bouldin(centroids, spreads),
    )


# scikit-learn has both of these. To import it would take longer than all that a run on
# a region does with SciPy; they are held against it in the tests.


def calinski_harabasz(total: float, within: float, clusters: int, areas: int) -> float:
    """Return the variance between clusters over that within them.

    Takes the sums of squared distances to the mean of all and to the clusters' own.
    """
    if within == 0 or clusters == 1:
        return 1.0  # as scikit-learn has it, where nothing is left within
    return float((total - within) / within * (areas - clusters) / (clusters - 1))


def davies_bouldin(centroids: np.ndarray, spreads: np.ndarray) -> float:
    """Return the mean likeness of each cluster to its likest other.

    Two clusters are alike by the mean distances of their areas to their centroids
    (k, d), the `spreads` (k,), added, in proportion to the distance of these. 0 where
    all centroids coincide.
    """
    apart = np.linalg.norm(centroids[:, np.newaxis] - centroids, axis=2)
    if np.allclose(spreads, 0) or np.allclose(apart, 0):
        return 0.0
    together = spreads[:, np.newaxis] + spreads
    likeness = np.divide(together, apart, out=np.zeros_like(apart), where=apart > 0)
    return float(likeness.max(axis=1).mean())


def silhouettes(
    values: np.ndarray, labels: dict[int, np.ndarray], seed: int
) -> dict[int, float | None]:
    """Return the mean silhouette of each labelling (n,) of the same (n, d) values.

    Every distance is computed once for all labellings, which is what takes the time.
    None where a sample holds areas of one cluster only.
    """
    if not labels:
        return {}
    rows = np.arange(len(values))
    if len(values) > SILHOUETTE_AREAS:
        # The rows that scikit-learn's silhouette_score draws.
        rows = np.random.RandomState(seed).permutation(len(values))[:SILHOUETTE_AREAS]
    chosen = values[rows] - values.mean(axis=0)
    member = {
        k: (own[rows][:, np.newaxis] == np.unique(own[rows])).astype(float)
        for k, own in labels.items()
    }
    sums = distance_sums(chosen, np.hstack(list(member.values())))
    starts = np.cumsum([part.shape[1] for part in member.values()])[:-1]
    return {
        k: silhouette(part, total)
        for (k, part), total in zip(
            member.items(), np.split(sums, starts, axis=1), strict=True
        )
    }


def distance_sums(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return each row's summed distances (n, c) to the members (n, c) of clusters.

    Distances of one block of rows to another count for both. Blocks are shared out in a
    fixed number of parts, whose sums are added up in order: so they come out the same
    on any number of cores.
    """
    from models_py.side_by_side import in_threads

    squares = np.square(values).sum(axis=1)
    turned = np.ascontiguousarray(-2 * values.T)
    starts = range(0, len(values), BLOCK)

    def sums_of_part(part: int) -> np.ndarray:
        sums = np.zeros((len(values), member.shape[1]))
        for first in starts[part::PARTS]:
            rows = slice(first, first + BLOCK)
            for second in range(first, len(values), BLOCK):
                others = slice(second, second + BLOCK)
                distances = values[rows] @ turned[:, others]
                distances += squares[others]
                distances += squares[rows, np.newaxis]
                np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
                if first == second:
                    np.fill_diagonal(distances, 0)  # which rounding may have missed
                else:
                    sums[others] += distances.T @ member[rows]
                sums[rows] += distances @ member[others]
        return sums

    return sum(in_threads(sums_of_part, [(part,) for part in range(PARTS)]))


def silhouette(member: np.ndarray, sums: np.ndarray) -> float | None:
    """Return the mean silhouette from memberships and summed distances, (n, k) each.

    With a the mean distance to the others of an area's own cluster and b that to the
    areas of the nearest other one: (b - a) / max(a, b), and 0 for one alone.
    """
    sizes = member.sum(axis=0)
    if len(sizes) == 1:
        return None
    own = member.astype(bool)
    others = sizes[own.argmax(axis=1)] - 1
    within = sums[own] / np.maximum(others, 1)
    between = np.where(own, np.inf, sums / sizes).min(axis=1)
    greater = np.maximum(within, between)
    scores = (between - within) / np.where(greater > 0, greater, 1)
    return float(np.where(others > 0, scores, 0).mean())


def inertia(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the sum of squared distances of (n, d) values to their clusters' means."""
    return float(
        sum(
            np.square(
                values[labels == label] - values[labels == label].mean(axis=0)
            ).sum()
            for label in np.unique(labels)
        )
    )
