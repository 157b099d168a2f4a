"""The gap statistic: how much tighter the clusters are than in data without any."""

import numpy as np
import pyarrow as pa

from models_py.methods.gap_statistic import reference_log_inertias
from models_py.methods.kmeans import fit_kmeans
from models_py.tables import area_matrix, sampled_rows


def k_gaps(
    cluster_inputs: pa.Table,
    k_labels: pa.Table,
    gap_references: int,
    seed: int,
) -> pa.Table:
    """One row: one k, from 1, with its gap statistic and the gap's standard error."""
    values = area_matrix(cluster_inputs).values
    values = values[sampled_rows(len(values), seed)]
    largest = len([name for name in k_labels.column_names if name != "area"])

    # Data and references get the same few restarts, so that neither is flattered.
    restarts = 5
    references = reference_log_inertias(values, largest, gap_references, restarts, seed)
    logs = {
        k: float(np.log(fit_kmeans(values, k, restarts=restarts, seed=seed).inertia))
        for k in references
    }

    return pa.Table.from_pylist(
        [
            {
                "k": k,
                "gap": reference.mean - logs[k],
                "gap_error": reference.spread * (1 + 1 / gap_references) ** 0.5,
            }
            for k, reference in references.items()
        ]
    )
