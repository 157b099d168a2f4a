"""Stability: whether other samples of areas would have given the same clusters."""

import pyarrow as pa

from models_py.methods.bootstrap_stability import bootstrap_scores
from models_py.tables import area_matrix, sampled_rows


def k_stability(
    cluster_inputs: pa.Table,
    k_labels: pa.Table,
    bootstrap_samples: int,
    seed: int,
) -> pa.Table:
    """One row: one bootstrap sample of one k, its agreement and quality scores."""
    values = area_matrix(cluster_inputs).values
    rows = sampled_rows(len(values), seed)
    labels = {
        int(name[1:]): k_labels[name].to_numpy()[rows]
        for name in k_labels.column_names
        if name not in ("area", "k1")
    }

    scores = bootstrap_scores(
        values[rows], labels, samples=bootstrap_samples, restarts=20, seed=seed
    )

    return pa.Table.from_pylist(scores)
