"""Subgroups: k-means within each supergroup."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def subgroups(
    cluster_inputs: "pa.Table",
    supergroups: "pa.Table",
    subgroups: int | list[int],
    restarts: int,
    restart_strategy: str,
    seed: int,
    letters: str = "by_size",
    former_subgroups: "pa.Table | None" = None,
) -> "pa.Table":
    """One row: one area with its supergroup and its subgroup, such as A1."""
    import pyarrow as pa

    from models_py.kmeans import fit_kmeans
    from models_py.letters import letter_order, order_by_size
    from models_py.tables import area_matrix

    areas, _, values = area_matrix(cluster_inputs)
    labels = supergroups["supergroup"].to_numpy()
    counts = subgroup_counts(subgroups, sorted(set(labels), key=letter_order))

    names = labels.copy()
    for supergroup, count in counts.items():
        members = labels == supergroup
        if count > members.sum():
            raise ValueError(
                f"supergroup {supergroup} has {members.sum()} areas, too few for "
                f"{count} subgroups; ask for fewer with --set subgroups=…"
            )
        fit = fit_kmeans(
            values[members],
            count,
            restarts=restarts,
            seed=seed,
            strategy=restart_strategy,
        )
        ranks = order_by_size(fit.labels, fit.centroids)
        names[members] = [f"{supergroup}{rank + 1}" for rank in ranks[fit.labels]]
        if letters == "keep" and former_subgroups is not None:
            names[members] = keep_numbers(
                areas.filter(members), names[members], supergroup, former_subgroups
            )

    return pa.table({"area": areas, "supergroup": labels, "subgroup": names})


def keep_numbers(
    areas: "pa.ChunkedArray", names: "np.ndarray", supergroup: str, former: "pa.Table"
) -> "np.ndarray":
    """Give a supergroup's subgroups (n,) the numbers of former ones they overlap."""
    from models_py.continuity import keep_names

    same = former.filter(former["supergroup"].to_numpy() == supergroup)
    former_names = same["subgroup"].to_numpy()
    most = len(set(names)) + len(set(former_names))
    return keep_names(
        areas.to_numpy(),
        names,
        same["area"].to_numpy(),
        former_names,
        [f"{supergroup}{number}" for number in range(1, most + 1)],
    )


def subgroup_counts(wanted: int | list[int], supergroups: list[str]) -> dict[str, int]:
    """Return each supergroup's number of subgroups.

    Raises ValueError where a list's length isn't the number of supergroups.
    """
    if isinstance(wanted, int):
        return dict.fromkeys(supergroups, wanted)
    if len(wanted) != len(supergroups):
        raise ValueError(
            f"subgroups lists {len(wanted)} numbers for {len(supergroups)} supergroups "
            f"({', '.join(supergroups)}); give one for each, or one number for all"
        )
    return dict(zip(supergroups, wanted, strict=True))
