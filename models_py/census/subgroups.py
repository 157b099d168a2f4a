"""Subgroups: k-means within each supergroup."""

import pyarrow as pa

from models_py.methods.hierarchy import FormerLevel, Splitting, split_level
from models_py.tables import area_matrix


def subgroups(
    cluster_inputs: pa.Table,
    supergroups: pa.Table,
    subgroups: int | list[int] | dict[str, int],
    restarts: int,
    restart_strategy: str,
    seed: int,
    letters: str = "by_size",
    smallest_split: int = 1,
    former_subgroups: pa.Table | None = None,
) -> pa.Table:
    """One row: one area with its supergroup and its subgroup, such as A1."""
    areas, _, values = area_matrix(cluster_inputs)
    labels = supergroups["supergroup"].to_numpy()
    former = None
    if letters == "keep" and former_subgroups is not None:
        columns = ("area", "supergroup", "subgroup")
        former = FormerLevel(*(former_subgroups[name].to_numpy() for name in columns))

    names = split_level(
        areas.to_numpy(),
        values,
        labels,
        2,
        Splitting(subgroups, smallest_split, restarts, restart_strategy, seed),
        former,
    )

    return pa.table({"area": areas, "supergroup": labels, "subgroup": names})
