"""Clusters: k-means over the embeddings of all areas."""

import numpy as np
import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.letters import Fit, letter_labels
from models_py.methods.spherical_kmeans import settle_on_sphere
from models_py.tables import area_matrix


def clusters(
    cluster_inputs: pa.Table,
    embedding_metric: str,
    clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one area and its cluster, A being the one with the most areas."""
    areas, _, values = area_matrix(cluster_inputs)

    fit = fit_by_metric(
        values, embedding_metric, clusters, restarts, restart_strategy, seed
    )

    return pa.table({"area": areas, "cluster": letter_labels(fit)})


def fit_by_metric(
    values: np.ndarray,
    metric: str,
    clusters: int,
    restarts: int,
    strategy: str,
    seed: int,
) -> Fit:
    """Return k-means of rows (n, d), of length 1 where the metric is cosine."""
    fit = fit_kmeans(values, clusters, restarts=restarts, seed=seed, strategy=strategy)
    return settle_on_sphere(values, fit.labels) if metric == "cosine" else fit
