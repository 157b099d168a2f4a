"""Whether a forest's errors lie together on the map: Moran's I of them."""

import pyarrow as pa

from models_py.methods.spatial_autocorrelation import contiguity, moran

# A single split tests too few neighbours of each other.
VALIDATIONS = ("random", "blocked")


def residual_autocorrelation(
    forest_predictions: pa.Table, neighbours: pa.Table
) -> pa.Table:
    """One row: one feature set under one validation: Moran's I of its errors."""
    predictions = forest_predictions.to_pandas()
    touching = neighbours.filter(neighbours["touches"])
    pairs = touching.select(["area", "neighbour"]).to_pandas()

    rows, weights_of = [], {}
    for (feature_set, validation), own in predictions.groupby(
        ["feature_set", "validation"]
    ):
        if validation in VALIDATIONS:
            errors = own.set_index("area").eval("actual - predicted_median")
            # Most often all sets and folds test the same areas.
            tested = frozenset(errors.index)
            if tested not in weights_of:
                near = pairs[pairs.isin(tested).all(axis=1)]
                # Areas without a neighbour that was tested stay out.
                known = sorted(set(near["area"]))
                weights_of[tested] = contiguity(known, near["area"], near["neighbour"])
            weights = weights_of[tested]
            errors = errors[weights.id_order]
            rows.append(
                {
                    "feature_set": feature_set,
                    "validation": validation,
                    "areas": len(errors),
                    **moran(errors.to_numpy(), weights),
                }
            )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SCHEMA = pa.schema(
    {
        "feature_set": pa.string(),
        "validation": pa.string(),
        "areas": pa.int64(),
        "morans_i": pa.float64(),
        "expected": pa.float64(),
        "z_score": pa.float64(),
        "p_value": pa.float64(),
    }
)
