"""How often each area keeps its class when the areas are drawn anew."""

from typing import TYPE_CHECKING

import numpy as np

from models_py.methods.bootstrap_stability import bootstrap_memberships
from models_py.tables import area_matrix, sampled_rows

if TYPE_CHECKING:
    import pyarrow as pa

TRIALS = 10  # as near to 50 as 20 are: within 0.03 in each band of margins
RESTARTS = 20  # fewer end in worse clusters, which other samples needn't share


def area_support(
    cluster_inputs: "pa.Table", hierarchy: "pa.Table", seed: int
) -> "pa.Table":
    """One row: one area on one level, the share of trials in which it keeps its class.

    A trial draws areas with replacement and clusters them anew, within the class above
    as it is. Of more than 10,000 areas a sample is tried; a class without a sibling is
    never in doubt and has no row.
    """
    import pyarrow as pa

    areas, _, values = area_matrix(cluster_inputs)
    chosen = sampled_rows(len(values), seed)
    codes, values = areas.take(chosen), values[chosen]
    kinds = {"level": pa.int32(), "area": pa.string(), "support": pa.float64()}
    tables = [pa.schema(kinds.items()).empty_table()]
    parents = np.full(len(values), "")
    levels = [name for name in hierarchy.column_names if name.startswith("level_")]
    for level, name in enumerate(levels, start=1):
        classes = hierarchy[name].to_numpy()[chosen].astype(str)
        for parent in np.unique(parents):
            rows = np.flatnonzero(parents == parent)
            own = classes[rows]
            if len(np.unique(own)) > 1:
                found, _ = bootstrap_memberships(
                    values[rows], own, TRIALS, RESTARTS, seed
                )
                support = (found == own).mean(axis=0)
                columns = ([level] * len(rows), codes.take(rows), support)
                tables.append(pa.table(list(columns), schema=tables[0].schema))
        parents = classes
    return pa.concat_tables(tables)
