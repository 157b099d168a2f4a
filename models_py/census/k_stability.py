"""Stability: whether other samples of areas would have given the same clusters."""

import pyarrow as pa

from models_py.methods.bootstrap_stability import bootstrap_agreement
from models_py.tables import area_matrix, sampled_rows


def k_stability(
    cluster_inputs: pa.Table,
    k_labels: pa.Table,
    bootstrap_samples: int,
    seed: int,
) -> pa.Table:
    """One row: one bootstrap sample of one k, its agreement with the whole."""
    values = area_matrix(cluster_inputs).values
    rows = sampled_rows(len(values), seed)
    names = [name for name in k_labels.column_names if name not in ("area", "k1")]

    agreements = {
        int(name[1:]): bootstrap_agreement(
            values[rows],
            k_labels[name].to_numpy()[rows],
            samples=bootstrap_samples,
            restarts=10,
            seed=seed,
        )
        for name in names
    }

    return pa.Table.from_pylist(
        [
            {"k": k, "sample": number, "adjusted_rand_index": agreement}
            for k, all_of_k in agreements.items()
            for number, agreement in enumerate(all_of_k, start=1)
        ]
    )
