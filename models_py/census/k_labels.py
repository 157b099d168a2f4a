"""Clusters for every k that is looked at: more of them than a clustergram shows."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def k_labels(
    cluster_inputs: "pa.Table",
    k_largest: int,
    k_restarts: int,
    restart_strategy: str,
    seed: int,
) -> "pa.Table":
    """One row: one area, its cluster for every k that is looked at."""
    import pyarrow as pa

    from models_py.clustergrams import labels_by_k
    from models_py.tables import area_matrix

    areas, _, values = area_matrix(cluster_inputs)

    labels = labels_by_k(values, k_largest, k_restarts, restart_strategy, seed)

    return pa.table({"area": areas, **labels})
