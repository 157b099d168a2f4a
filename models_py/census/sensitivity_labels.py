"""The supergroups as they would be without each variable."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def sensitivity_labels(
    cluster_inputs: "pa.Table",
    supergroups: "pa.Table",
    sensitivity_restarts: int,
    seed: int,
) -> "pa.Table":
    """One row: one area and the supergroup it would be in without each variable."""
    import pyarrow as pa

    from models_py.sensitivity import refitted_without
    from models_py.tables import area_matrix

    areas, variables, values = area_matrix(cluster_inputs)
    names = supergroups["supergroup"].to_numpy()

    if len(variables) == 1:
        raise ValueError("of one variable alone, none can be left out")
    labels = {
        variable: refitted_without(values, column, names, sensitivity_restarts, seed)
        for column, variable in enumerate(variables)
    }

    return pa.table({"area": areas, **labels})
