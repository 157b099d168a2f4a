"""Random forests that predict the target from one feature set after the other."""

import pyarrow as pa

from models_py.methods.random_forest import evaluate, forest_schema
from models_py.methods.spatial_folds import parts


def forests(
    forest_inputs: pa.Table,
    forest_splits: pa.Table,
    fold_buffers: pa.Table,
    dimensions: pa.Table,
    used_columns: pa.Table,
    trees: int,
    fold_trees: int,
    smallest_leaf: int,
    permutation_repeats: int,
    seed: int,
) -> pa.Table:
    """One row: one trained forest, its predictions and what it owes each feature."""
    sets = feature_groups(
        named(used_columns, "predictor"), sorted(dimensions["dimension"].to_pylist())
    )
    target = forest_splits["class"].to_numpy()

    results = [
        {"feature_set": feature_set}
        | evaluate(
            forest_inputs,
            target,
            groups,
            part,
            trees=fold_trees if part.fold else trees,
            smallest_leaf=smallest_leaf,
            repeats=permutation_repeats,
            seed=seed,
        )
        for feature_set, groups in sets.items()
        for part in parts(forest_splits, fold_buffers)
    ]

    return pa.Table.from_pylist(
        results, schema=forest_schema(forest_splits["class"].type)
    )


def named(used_columns: pa.Table, role: str) -> list[str]:
    """Return what the columns of one role are called, in the order of their places.

    A forest of other columns first is another forest, so theirs is not left to chance.
    """
    rows = sorted(used_columns.to_pylist(), key=lambda row: row["place"])
    return [row["variable"] for row in rows if row["role"] == role]


def feature_groups(
    predictors: list[str], dimensions: list[str]
) -> dict[str, dict[str, list[str]]]:
    """Return the three feature sets, each with its groups of columns.

    Raises ValueError without predictors.
    """
    if not predictors:
        raise ValueError(
            "predictors is empty; name at least one column of the socio-economic file"
        )
    groups = {"socioeconomic": predictors, "embeddings": dimensions}
    return {name: {name: columns} for name, columns in groups.items()} | {
        "both": groups
    }
