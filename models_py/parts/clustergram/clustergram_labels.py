"""The clustergram's clusters: k-means for every k."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def clustergram_labels(
    cluster_inputs: "pa.Table",
    clustergram_clusters: int,
    clustergram_restarts: int,
    restart_strategy: str,
    seed: int,
) -> "pa.Table":
    """One row: one area, its first principal component, its cluster for every k."""
    import pyarrow as pa

    from models_py.clustergrams import first_component, labels_by_k
    from models_py.tables import area_matrix

    areas, _, values = area_matrix(cluster_inputs)

    labels = labels_by_k(
        values, clustergram_clusters, clustergram_restarts, restart_strategy, seed
    )

    return pa.table(
        {"area": areas, "first_component": first_component(values), **labels}
    )
