"""A map of likeness: areas with similar variables lie close together."""

import pyarrow as pa

from models_py.methods.umap import umap_places
from models_py.tables import area_matrix


def umap(
    cluster_inputs: pa.Table,
    umap_neighbors: int,
    umap_min_dist: float,
    umap_epochs: int,
    umap_seed: int,
    umap_engine: str = "fast",
) -> pa.Table:
    """One row: one area and its place on the map of likeness (no unit)."""
    areas, _, values = area_matrix(cluster_inputs)

    places = umap_places(
        values, umap_neighbors, umap_min_dist, umap_epochs, umap_seed, umap_engine
    )

    return pa.table({"area": areas, "umap_x": places[:, 0], "umap_y": places[:, 1]})
