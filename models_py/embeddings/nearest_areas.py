"""The areas most like each area."""

import numpy as np
import pyarrow as pa

from models_py.methods.nearest_rows import nearest_rows
from models_py.tables import area_matrix


def nearest_areas(
    cluster_inputs: pa.Table, embedding_metric: str, similar_areas: int
) -> pa.Table:
    """One row: one area and one of the areas nearest to it in embedding space."""
    areas, _, values = area_matrix(cluster_inputs)

    others, distances = nearest_rows(values, similar_areas)

    if embedding_metric == "cosine":
        distances = distances**2 / 2  # of rows of length 1: 1 − cosine
    rows, count = others.shape
    return pa.table(
        {
            "area": areas.take(np.repeat(np.arange(rows), count)),
            "rank": np.tile(np.arange(1, count + 1), rows),
            "similar_area": areas.take(others.ravel()),
            "distance": distances.ravel(),
        }
    )
