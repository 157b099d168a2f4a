"""The clusters of each supergroup's own clustergram."""

import numpy as np
import pyarrow as pa

from models_py.methods.clustergram import labels_by_k
from models_py.methods.kmeans import each_group
from models_py.methods.pca import first_component
from models_py.tables import area_matrix


def subgroup_clustergram_labels(
    cluster_inputs: pa.Table,
    supergroups: pa.Table,
    clustergram_clusters: int,
    subgroup_clustergram_restarts: int,
    restart_strategy: str,
    seed: int,
) -> pa.Table:
    """One row: one area, its first component within its supergroup, its clusters."""
    areas, _, values = area_matrix(cluster_inputs)
    names = supergroups["supergroup"].to_numpy()

    def part(members: np.ndarray) -> pa.Table:
        labels = labels_by_k(
            values[members],
            clustergram_clusters,
            subgroup_clustergram_restarts,
            restart_strategy,
            seed,
            workers=1,
        )
        described = {
            "area": areas.filter(members),
            "supergroup": names[members],
            "first_component": first_component(values[members]),
        }
        return pa.table(described | labels)

    groups = [names == supergroup for supergroup in np.unique(names)]
    parts = each_group(part, groups)

    return pa.concat_tables(parts, promote_options="default")
