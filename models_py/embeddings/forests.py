"""Random forests that predict the target from one feature set after the other."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def forests(
    forest_inputs: "pa.Table",
    forest_splits: "pa.Table",
    dimensions: "pa.Table",
    predictors: list[str],
    trees: int,
    fold_trees: int,
    permutation_repeats: int,
    seed: int,
    forest_engine: str = "fast",
) -> "pa.Table":
    """One row: one trained forest, its predictions and what it owes each feature."""
    import pyarrow as pa

    from models_py.forests import evaluate, feature_sets, forest_schema, parts

    sets = feature_sets(predictors, dimensions["dimension"].to_pylist())

    results = [
        evaluate(
            forest_inputs.select(["area", *features]),
            forest_splits["class"].to_numpy(),
            feature_set,
            part,
            trees=fold_trees if part.fold else trees,
            repeats=permutation_repeats,
            seed=seed,
            engine=forest_engine,
        )
        for feature_set, features in sets.items()
        for part in parts(forest_splits)
    ]

    return pa.Table.from_pylist(results, schema=forest_schema())
