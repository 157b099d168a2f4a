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


def labels_by_k(
    values: np.ndarray, largest: int, restarts: int, strategy: str, seed: int
) -> dict[str, np.ndarray]:
    """Return cluster numbers (n,) for each k from 1 to the largest, named k1, k2, ….

    `values` is (n, d). Clusters are numbered from 0, the largest first. A group with
    fewer distinct areas than `largest` ends at its number of distinct areas.
    """
    from models_py.kmeans import fit_range
    from models_py.letters import order_by_size

    distinct = len(np.unique(values, axis=0))
    fits = fit_range(
        values,
        range(1, min(largest, distinct) + 1),
        restarts=restarts,
        seed=seed,
        strategy=strategy,
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
    Davies–Bouldin (1979) are scikit-learn's; they are undefined (None) where k is 1 or
    each area is its own cluster.
    """
    from sklearn import metrics

    columns = [name for name in labels.column_names if name[0] == "k"]
    scores = []
    for name in columns:
        if labels[name].null_count:
            continue  # this supergroup has fewer areas than k
        numbers = labels[name].to_numpy()
        defined = 1 < int(name[1:]) < len(numbers)
        sample = min(SILHOUETTE_AREAS, len(numbers))
        scores.append(
            {
                "k": int(name[1:]),
                "inertia": inertia(values, numbers),
                "silhouette": float(
                    metrics.silhouette_score(
                        values,
                        numbers,
                        sample_size=sample if sample < len(numbers) else None,
                        random_state=seed,
                    )
                )
                if defined
                else None,
                "calinski_harabasz": float(
                    metrics.calinski_harabasz_score(values, numbers)
                )
                if defined
                else None,
                "davies_bouldin": float(metrics.davies_bouldin_score(values, numbers))
                if defined
                else None,
            }
        )
    return scores


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
