"""Clusters: k-means over the embeddings of all areas."""

import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.letters import letter_labels
from models_py.tables import area_matrix


def clusters(
    embeddings: pa.Table,
    clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one area and its cluster, A being the one with the most areas."""
    areas, _, values = area_matrix(embeddings)

    fit = fit_kmeans(
        values, clusters, restarts=restarts, seed=seed, strategy=restart_strategy
    )

    return pa.table({"area": areas, "cluster": letter_labels(fit)})
