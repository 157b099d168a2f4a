"""How well each k separates the areas."""

import pyarrow as pa

from models_py.methods.cluster_validity import score_labels
from models_py.tables import area_matrix


def k_scores(cluster_inputs: pa.Table, k_labels: pa.Table, seed: int) -> pa.Table:
    """One row: one k, from 1, with its inertia and three quality scores."""
    values = area_matrix(cluster_inputs).values

    scores = score_labels(values, k_labels, seed)

    return pa.Table.from_pylist(scores)
