"""Clusters for every k that is looked at: more of them than a clustergram shows."""

import pyarrow as pa

from models_py.methods.clustergram import labels_by_k
from models_py.tables import area_matrix


def k_labels(
    cluster_inputs: pa.Table,
    k_largest: int,
    k_restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one area, its cluster for every k that is looked at."""
    areas, _, values = area_matrix(cluster_inputs)

    labels = labels_by_k(values, k_largest, k_restarts, restart_strategy, seed)

    return pa.table({"area": areas, **labels})
