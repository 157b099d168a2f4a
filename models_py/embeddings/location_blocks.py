"""Blocks of areas that lie together, for a cross-validation without neighbours."""

import numpy as np
import pyarrow as pa

from models_py.methods.kmeans import fit_kmeans
from models_py.methods.letters import letter_labels
from models_py.tables import area_matrix

# A block needs to be compact, not best: few starts will do.
RESTARTS = 20


def location_blocks(centroids: pa.Table, location_blocks: int, seed: int) -> pa.Table:
    """One row: one area with a place, and its block: k-means on the centroids."""
    areas, _, places = area_matrix(centroids)
    distinct = len(np.unique(places, axis=0))

    fit = fit_kmeans(
        places, min(location_blocks, distinct), restarts=RESTARTS, seed=seed
    )

    return pa.table({"area": areas, "block": letter_labels(fit)})
