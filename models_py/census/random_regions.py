"""Regions that know nothing but place, of as many areas as the classes have."""

import numpy as np
import pyarrow as pa
import shapely

from models_py.methods import random_regionalisation
from models_py.methods.spatial_autocorrelation import queen_pairs


def random_regions(
    compared_classes: pa.Table,
    classified_shapes: pa.Table,
    random_regionalisations: int,
    seed: int,
) -> pa.Table:
    """One row: one area on one level, its region in each random regionalisation."""
    compared = compared_classes.to_pandas()
    outlines = classified_shapes.to_pandas().set_index("area")["outline"]
    outlines = outlines[outlines.index.isin(compared["area"])]
    shapes = shapely.from_wkb(outlines.to_numpy())
    points = shapely.get_coordinates(shapely.centroid(shapes))
    near = random_regionalisation.linked_neighbours(*queen_pairs(shapes), points)

    tables = []
    for (classification, level), own in compared.groupby(["classification", "level"]):
        _, sizes = np.unique(own["class"], return_counts=True)
        regions = [
            1 + random_regionalisation.random_regions(near, sizes, seed + number)
            for number in range(random_regionalisations)
        ]
        columns = {
            "classification": [classification] * len(outlines),
            "level": [level] * len(outlines),
            "area": outlines.index,
            "regions": pa.array(np.array(regions).T.tolist(), pa.list_(pa.int64())),
        }
        tables.append(pa.table(columns))
    return pa.concat_tables(tables)
