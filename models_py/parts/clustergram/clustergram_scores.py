"""How well each k of the clustergram separates the areas."""

import pyarrow as pa

from models_py.methods.cluster_validity import score_labels
from models_py.tables import area_matrix


def clustergram_scores(
    cluster_inputs: pa.Table, clustergram_labels: pa.Table, seed: int
) -> pa.Table:
    """One row: one k with its inertia, silhouette and two further quality scores."""
    values = area_matrix(cluster_inputs).values

    scores = score_labels(values, clustergram_labels, seed)

    return pa.Table.from_pylist(scores)
