"""Clusters of change: k-means over how the changed areas moved."""

import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.letters import letter_labels
from models_py.tables import list_matrix


def change_clusters(
    changed_vectors: pa.Table,
    change_clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one changed area and its cluster; none where they are too few for it."""
    if len(changed_vectors) < change_clusters:
        types = pa.schema({"area": pa.string(), "change_cluster": pa.string()})
        return types.empty_table()

    fit = fit_kmeans(
        list_matrix(changed_vectors["movement"]),
        change_clusters,
        restarts=restarts,
        seed=seed,
        strategy=restart_strategy,
    )

    return pa.table(
        {"area": changed_vectors["area"], "change_cluster": letter_labels(fit)}
    )
