"""Supergroups: k-means over all areas of the region."""

import pyarrow as pa

from models_py.methods.kmeans import fit_with_stability
from models_py.methods.label_matching import keep_names
from models_py.methods.letters import letter_labels
from models_py.methods.letters import letters as first_letters
from models_py.tables import area_matrix


def supergroups(
    cluster_inputs: pa.Table,
    clusters: int,
    restarts: int,
    restart_strategy: str,
    seed: int,
    letters: str = "by_size",
    former_supergroups: pa.Table | None = None,
) -> pa.Table:
    """One row: one area and its supergroup, a letter, with how stable that is."""
    areas, _, values = area_matrix(cluster_inputs)

    fit, stability = fit_with_stability(
        values, clusters, restarts=restarts, seed=seed, strategy=restart_strategy
    )
    names = letter_labels(fit)
    if letters == "keep" and former_supergroups is not None:
        former = former_supergroups["supergroup"].to_numpy()
        names = keep_names(
            areas.to_numpy(),
            names,
            former_supergroups["area"].to_numpy(),
            former,
            first_letters(clusters + len(set(former))),
        )

    return pa.table(
        {
            "area": areas,
            "supergroup": names,
            "stability": pa.array(stability, pa.float64(), from_pandas=True),
        }
    )
