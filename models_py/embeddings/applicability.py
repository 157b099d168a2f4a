"""Where a forest should not be believed: the area of applicability."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models_py.methods import area_of_applicability as method
from models_py.tables import area_matrix


def applicability(
    forest_features: pa.Table,
    forest_splits: pa.Table,
    forest_importances: pa.Table,
    seed: int,
) -> pa.Table:
    """One row: one area and one feature set: how unlike what trained it is."""
    areas, names, values = area_matrix(forest_features)
    fold_of = dict(
        zip(
            forest_splits["area"].to_pylist(),
            forest_splits["fold"].to_numpy(),
            strict=True,
        )
    )
    fold = np.array([fold_of.get(area, 0) for area in areas.to_pylist()])
    trains = fold > 0

    tables = []
    for feature_set in ("both", "embeddings", "socioeconomic"):
        own = forest_importances.filter(
            pc.equal(forest_importances["feature_set"], feature_set)
        ).to_pydict()
        columns = [names.index(name) for name in own["feature"]]
        features = values[:, columns]
        found = method.applicability(
            features[trains],
            fold[trains],
            features[~trains],
            np.array(own["impurity"]),
            seed,
        )
        index = np.empty(len(areas))
        index[trains], index[~trains] = found.trained, found.others
        tables.append(
            pa.table(
                {
                    "area": areas,
                    "feature_set": [feature_set] * len(areas),
                    "has_target": trains,
                    "dissimilarity": index,
                    "threshold": [found.threshold] * len(areas),
                    "is_inside": index <= found.threshold,
                }
            )
        )
    return pa.concat_tables(tables)
