"""What each cluster was to be split into, and what came of it."""

from typing import Any

import pyarrow as pa

from models_py.methods.hierarchy import counts_by_parent, why_whole


def hierarchy_splits(
    hierarchy: pa.Table,
    subgroups: int | list[int] | dict[str, int],
    levels: list[Any],
    smallest_split: int,
) -> pa.Table:
    """One row: one cluster above the deepest level, how it was to be split and was."""
    columns = [name for name in hierarchy.column_names if name.startswith("level_")]
    codes = [hierarchy[name].to_numpy() for name in columns]
    wanted = [subgroups, *levels[2:]][: len(codes) - 1]

    rows = []
    for place, counts in enumerate(wanted):
        parents, children = codes[place], codes[place + 1]
        for cluster, count in counts_by_parent(counts, set(parents), place + 2).items():
            members = parents == cluster
            made, areas = len(set(children[members])), int(members.sum())
            # A cluster is split into as many as wanted, or not at all.
            why = why_whole(areas, count, smallest_split) if made < count else None
            rows.append((cluster, count, made, why))

    return pa.table(
        {
            "cluster": pa.array([row[0] for row in rows], pa.string()),
            "clusters_wanted": pa.array([row[1] for row in rows], pa.int32()),
            "clusters_made": pa.array([row[2] for row in rows], pa.int32()),
            "why_whole": pa.array([row[3] for row in rows], pa.string()),
        }
    )
