"""Where each area goes when other samples of areas make the clusters."""

import numpy as np
import pyarrow as pa

from models_py.methods.bootstrap_stability import bootstrap_memberships
from models_py.tables import area_matrix


def bootstrap_labels(
    cluster_inputs: pa.Table,
    subgroups: pa.Table,
    area_samples: int,
    area_sample_restarts: int,
    seed: int,
) -> pa.Table:
    """One row: one area on one level, its cluster by each sample and which drew it.

    Subgroups are made within the supergroups as they are: so their stability is that of
    the split, not of the level above it as well.
    """
    areas, _, values = area_matrix(cluster_inputs)
    families = subgroups["supergroup"].to_numpy()
    fit = (area_sample_restarts, seed)

    whole = bootstrap_memberships(values, families, area_samples, *fit)
    tables = [table_of("supergroup", areas, families, *whole)]
    for family in np.unique(families):
        rows = np.flatnonzero(families == family)
        names = subgroups["subgroup"].to_numpy()[rows]
        part = bootstrap_memberships(values[rows], names, area_samples, *fit)
        tables.append(table_of("subgroup", areas.take(rows), names, *part))
    return pa.concat_tables(tables)


def table_of(
    level: str,
    areas: pa.ChunkedArray,
    clusters: np.ndarray,
    memberships: np.ndarray,
    drawn: np.ndarray,
) -> pa.Table:
    """Return the rows of areas (n,) in clusters (n,), with (samples, n) results."""
    return pa.table(
        {
            "level": pa.array([level] * len(areas), pa.string()),
            "area": areas,
            "cluster": pa.array(clusters, pa.string()),
            "memberships": pa.array(
                [row.tolist() for row in memberships.T], pa.list_(pa.string())
            ),
            "drawn": pa.array([row.tolist() for row in drawn.T], pa.list_(pa.bool_())),
        }
    )
