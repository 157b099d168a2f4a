"""The true silhouette of each area, where `fit` only compares two centroids."""

import pyarrow as pa

from models_py.methods import cluster_validity
from models_py.tables import area_matrix


def area_silhouettes(
    cluster_inputs: pa.Table, supergroups: pa.Table, seed: int
) -> pa.Table:
    """One row: one area and its silhouette among the supergroups."""
    areas, _, values = area_matrix(cluster_inputs)
    labels = supergroups["supergroup"].to_numpy()

    found = cluster_validity.area_silhouettes(values, labels, seed)

    return pa.table({"area": areas, "silhouette": found})
