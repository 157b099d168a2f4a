"""The hierarchy of clusters: supergroups, subgroups, and as many levels as wanted."""

from typing import Any

import pyarrow as pa

from models_py.methods.hierarchy import FormerLevel, Splitting, split_level
from models_py.tables import area_matrix


def hierarchy(
    cluster_inputs: pa.Table,
    subgroups: pa.Table,
    levels: list[Any],
    smallest_split: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
    letters: str = "by_size",
    former_hierarchy: pa.Table | None = None,
) -> pa.Table:
    """One row: one area and its cluster on each level, such as A, A1 and A1a."""
    former = former_hierarchy if letters == "keep" else None
    codes = [subgroups[name].to_numpy() for name in ("supergroup", "subgroup")]
    codes = codes[: len(levels) or 2]

    if len(levels) > 2:  # else there is nothing to fit
        areas, _, values = area_matrix(cluster_inputs)
    for level, wanted in enumerate(levels[2:], start=3):
        splitting = Splitting(wanted, smallest_split, restarts, restart_strategy, seed)
        before = former_level(former, level)
        codes.append(
            split_level(areas.to_numpy(), values, codes[-1], level, splitting, before)
        )

    columns = {f"level_{number}": column for number, column in enumerate(codes, 1)}
    return pa.table(
        {"area": subgroups["area"], **columns, "deepest_cluster": codes[-1]}
    )


def former_level(former: pa.Table | None, level: int) -> FormerLevel | None:
    """Return a level of the hierarchy before, None where it had none."""
    columns = ["area", f"level_{level - 1}", f"level_{level}"]
    if former is None or columns[-1] not in former.column_names:
        return None
    return FormerLevel(*(former[name].to_numpy() for name in columns))
