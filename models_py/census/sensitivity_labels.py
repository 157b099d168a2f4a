"""The supergroups as they would be without each variable.

The makers of the Output Area Classification weighed their variables so: Gale,
Singleton, Bates and Longley (2016), Creating the 2011 area classification for output
areas (2011 OAC), Journal of Spatial Information Science 12, 1-27.
"""

import numpy as np
import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.label_matching import matched_names
from models_py.tables import area_matrix


def sensitivity_labels(
    cluster_inputs: pa.Table,
    supergroups: pa.Table,
    sensitivity_restarts: int,
    seed: int,
) -> pa.Table:
    """One row: one area and the supergroup it would be in without each variable."""
    areas, variables, values = area_matrix(cluster_inputs)
    names = supergroups["supergroup"].to_numpy()
    clusters = len(np.unique(names))

    if len(variables) == 1:
        raise ValueError("of one variable alone, none can be left out")
    labels = {}
    for column, variable in enumerate(variables):
        rest = np.delete(values, column, axis=1)
        fit = fit_kmeans(rest, clusters, restarts=sensitivity_restarts, seed=seed)
        labels[variable] = matched_names(fit.labels, names)

    return pa.table({"area": areas, **labels})
