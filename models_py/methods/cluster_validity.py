"""How well clusters separate areas: inertia, silhouette and two further scores.

Source: P. J. Rousseeuw (1987), Silhouettes, Journal of Computational and Applied
Mathematics 20, 53-65; T. Caliński and J. Harabasz (1974), A dendrite method for cluster
analysis, Communications in Statistics 3(1); D. L. Davies and D. W. Bouldin (1979), A
cluster separation measure, IEEE TPAMI 1(2). To import scikit-learn, which has them too,
takes longer than all of them.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from scipy.spatial.distance import cdist, pdist, squareform

from models_py.kernels.silhouette import distance_sums
from models_py.side_by_side import in_threads

# Silhouettes compare every pair of areas; beyond this many a fixed sample is drawn.
SILHOUETTE_AREAS = 10_000
ROWS_AT_ONCE = 1_000  # whose distances to a sample are held together


def score_labels(
    values: np.ndarray, labels: pa.Table, seed: int
) -> list[dict[str, float | int | None]]:
    """Return for each column k1, k2, … of `labels` its inertia and quality scores.

    `values` is (n, d). All but inertia are undefined (None) where k is 1 or each area
    is its own cluster. Beyond SILHOUETTE_AREAS areas the silhouette is that of a sample
    of so many.
    """
    numbers = {
        int(name[1:]): labels[name].to_numpy()
        for name in labels.column_names
        # A null: this supergroup has fewer areas than k.
        if name[0] == "k" and not labels[name].null_count
    }
    defined = {k: own for k, own in numbers.items() if 1 < k < len(own)}
    by_k = silhouettes(values, defined, seed)

    def scores(k: int, own: np.ndarray) -> dict[str, float | int | None]:
        return {"k": k, "inertia": inertia(values, own), "silhouette": by_k.get(k)} | {
            "calinski_harabasz": calinski_harabasz(values, own)
            if k in defined
            else None,
            "davies_bouldin": davies_bouldin(values, own) if k in defined else None,
        }

    return in_threads(scores, numbers.items())


def silhouettes(
    values: np.ndarray, labels: dict[Any, np.ndarray], seed: int
) -> dict[Any, float | None]:
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


def silhouette(member: np.ndarray, sums: np.ndarray) -> float | None:
    """Return the mean silhouette from memberships and summed distances, (n, k) each.

    None where there is one cluster only.
    """
    if member.shape[1] == 1:
        return None
    return float(silhouette_values(member, sums, member.sum(axis=0), 1).mean())


def area_silhouettes(values: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """Return the silhouette (n,) of each row of (n, d) values among the labels (n,).

    Beyond SILHOUETTE_AREAS areas, distances are those to a sample of so many. Raises
    ValueError where all labels are the same.
    """
    names = np.unique(labels)
    if len(names) == 1:
        raise ValueError("all areas are in one cluster, so silhouettes are undefined")
    sample = np.arange(len(values))
    if len(values) > SILHOUETTE_AREAS:
        random = np.random.default_rng(seed)
        sample = np.sort(random.choice(sample, SILHOUETTE_AREAS, replace=False))
    is_sampled = np.isin(np.arange(len(values)), sample).astype(float)
    member = (labels[:, np.newaxis] == names).astype(float)
    sums = [
        cdist(values[at : at + ROWS_AT_ONCE], values[sample]) @ member[sample]
        for at in range(0, len(values), ROWS_AT_ONCE)
    ]
    sizes = member[sample].sum(axis=0)
    return silhouette_values(member, np.concatenate(sums), sizes, is_sampled)


def silhouette_values(
    member: np.ndarray, sums: np.ndarray, sizes: np.ndarray, itself: np.ndarray | int
) -> np.ndarray:
    """Return each area's silhouette (n,).

    From memberships and summed distances (n, k) to clusters of (k,) sizes, among which
    an area counts `itself` once or not at all. With a the mean distance to the others
    of an area's own cluster and b that to the areas of the nearest other one:
    (b - a) / max(a, b), and 0 for one alone.
    """
    own = member.astype(bool)
    others = sizes[own.argmax(axis=1)] - itself
    within = sums[own] / np.maximum(others, 1)
    between = np.where(own, np.inf, sums / sizes).min(axis=1)
    greater = np.maximum(within, between)
    scores = (between - within) / np.where(greater > 0, greater, 1)
    return np.where(others > 0, scores, 0)


def inertia(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the sum of squared distances of (n, d) values to their clusters' means."""
    return float(sum((centred(own) ** 2).sum() for own in clusters(values, labels)))


def calinski_harabasz(values: np.ndarray, labels: np.ndarray) -> float:
    """Return the variance between clusters of (n, d) values over that within them.

    Each by its degrees of freedom; 1 where all areas of each cluster are alike.
    """
    within = inertia(values, labels)
    between = float((centred(values) ** 2).sum()) - within
    k = len(np.unique(labels))
    return between * (len(values) - k) / (within * (k - 1)) if within else 1.0


def davies_bouldin(values: np.ndarray, labels: np.ndarray) -> float:
    """Return how wide clusters of (n, d) values are beside how far apart.

    The mean, over clusters, of the largest sum of two clusters' mean distances to their
    means, as a share of the distance of these; 0 where it is undefined.
    """
    members = clusters(values, labels)
    widths = np.array([np.linalg.norm(centred(own), axis=1).mean() for own in members])
    apart = squareform(pdist([own.mean(axis=0) for own in members]))
    if np.allclose(widths, 0) or np.allclose(apart, 0):
        return 0.0
    apart[apart == 0] = np.inf  # a cluster and itself among them
    return float(((widths[:, np.newaxis] + widths) / apart).max(axis=1).mean())


def clusters(values: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Return the rows of (n, d) values that bear each of the labels (n,)."""
    return [values[labels == label] for label in np.unique(labels)]


def centred(values: np.ndarray) -> np.ndarray:
    """Return (n, d) values less their mean."""
    return values - values.mean(axis=0)
