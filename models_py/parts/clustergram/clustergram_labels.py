"""The clustergram's clusters: k-means for every k."""

import pyarrow as pa

from models_py.methods.clustergram import labels_by_k
from models_py.methods.pca import first_component
from models_py.tables import area_matrix


def clustergram_labels(
    cluster_inputs: pa.Table,
    clustergram_clusters: int,
    clustergram_restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one area, its first principal component, its cluster for every k."""
    areas, _, values = area_matrix(cluster_inputs)

    labels = labels_by_k(
        values, clustergram_clusters, clustergram_restarts, restart_strategy, seed
    )

    return pa.table(
        {"area": areas, "first_component": first_component(values), **labels}
    )
