"""How well each k separates the areas of one supergroup."""

import numpy as np
import pyarrow as pa

from models_py.methods.cluster_validity import score_labels
from models_py.tables import area_matrix


def subgroup_clustergram_scores(
    cluster_inputs: pa.Table, subgroup_clustergram_labels: pa.Table, seed: int
) -> pa.Table:
    """One row: one k of one supergroup with its inertia and quality scores."""
    values = area_matrix(cluster_inputs).values
    names = subgroup_clustergram_labels["supergroup"].to_numpy()

    scores = [
        {"supergroup": str(supergroup), **score}
        for supergroup in np.unique(names)
        for score in score_labels(
            values[names == supergroup],
            subgroup_clustergram_labels.filter(names == supergroup),
            seed,
        )
    ]

    return pa.Table.from_pylist(scores)
