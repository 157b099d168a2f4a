"""Which areas train the forests and which test them."""

import pyarrow as pa

from models_py.embeddings.forests import named
from models_py.methods.random_forest import target_values
from models_py.methods.spatial_folds import (
    block_names,
    blocked_folds,
    random_folds,
    single_split,
)


def forest_splits(
    forest_inputs: pa.Table,
    blocks: pa.Table,
    used_columns: pa.Table,
    target_kinds: pa.Table,
    test_share: float,
    folds: int,
    block_by: str,
    seed: int,
) -> pa.Table:
    """One row: one area, its part of the single split and its folds."""
    areas = forest_inputs["area"]
    (target,) = named(used_columns, "target")
    kind = target_kinds["kind"][0].as_py()
    values, strata = target_values(areas, forest_inputs[target], target, folds, kind)
    names = block_names(areas, blocks)

    is_test, turn = single_split(strata, test_share, seed)
    fold = blocked_folds(names, folds, block_by)

    return pa.table(
        {
            "area": areas,
            "class": values,
            "is_test": is_test,
            "turn": turn,
            "block": names,
            "fold": fold,
            "random_fold": random_folds(fold, seed),
        }
    )
