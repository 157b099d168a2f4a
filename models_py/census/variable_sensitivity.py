"""How much the classification changes where a variable is left out."""

import numpy as np
import pyarrow as pa
from sklearn.metrics import adjusted_rand_score

from models_py.methods.cluster_validity import inertia
from models_py.tables import area_matrix


def variable_sensitivity(
    cluster_inputs: pa.Table,
    supergroups: pa.Table,
    sensitivity_labels: pa.Table,
) -> pa.Table:
    """One row: one variable and what changes where it is left out."""
    _, variables, values = area_matrix(cluster_inputs)
    names = supergroups["supergroup"].to_numpy()

    rows = []
    for column, variable in enumerate(variables):
        own = values[:, [column]]
        rest = np.delete(values, column, axis=1)
        without = sensitivity_labels[variable].to_numpy()
        before, after = inertia(rest, names), inertia(rest, without)
        rows.append(
            {
                "variable": variable,
                "separated_share": 1 - inertia(own, names) / (own.var() * len(own)),
                "inertia_before": before,
                "inertia_after": after,
                "inertia_change": 100 * (after / before - 1),
                "adjusted_rand_index": float(adjusted_rand_score(names, without)),
                "areas_moved": int(np.sum(names != without)),
                "share_moved": 100 * float(np.mean(names != without)),
            }
        )

    return pa.Table.from_pylist(rows)
