"""Clusters of the earlier year, by which both years are scored."""

import numpy as np
import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.letters import letters, order_by_size
from models_py.methods.spherical_kmeans import settle_on_sphere
from models_py.tables import list_matrix


def frozen_clusters(
    earlier: pa.Table,
    clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one cluster of the earlier year's directions, A having most areas."""
    values = list_matrix(earlier["direction"])

    start = fit_kmeans(
        values, clusters, restarts=restarts, seed=seed, strategy=restart_strategy
    )
    fit = settle_on_sphere(values, start.labels)

    order = np.argsort(order_by_size(fit.labels, fit.centroids))
    return pa.table(
        {
            "cluster": letters(clusters),
            "areas": np.bincount(fit.labels)[order],
            "centroid": list(fit.centroids[order]),
        }
    )
