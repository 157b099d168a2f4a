"""Clusters: k-means over the embeddings of all areas."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def clusters(
    embeddings: "pa.Table",
    clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
) -> "pa.Table":
    """One row: one area and its cluster, A being the one with the most areas."""
    import pyarrow as pa

    from models_py.kmeans import fit_kmeans
    from models_py.letters import letter_labels
    from models_py.tables import area_matrix

    areas, _, values = area_matrix(embeddings)

    fit = fit_kmeans(
        values, clusters, restarts=restarts, seed=seed, strategy=restart_strategy
    )

    return pa.table({"area": areas, "cluster": letter_labels(fit)})
