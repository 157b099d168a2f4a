"""When embeddings help: each feature set's scores, and their gains, with intervals."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from models_py.methods.block_bootstrap import (
    draw_blocks,
    interval,
    scores_of,
    sums_by_block,
)

FLOOR = "majority"  # what one predicts knowing no feature
GAINS = (
    *(("socioeconomic", FLOOR), ("embeddings", FLOOR), ("both", FLOOR)),
    *(("embeddings", "socioeconomic"), ("both", "socioeconomic")),
    ("both", "embeddings"),
)
MEASURES = {
    "classes": ("accuracy", "label_error", "quadratic_weighted_kappa"),
    "number": ("r_squared", "label_error"),
}
SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in ("validation", "feature_set", "baseline")],
        ("measure", pa.string()),
        *[(name, pa.float64()) for name in ("value", "low", "high")],
        *[(name, pa.int64()) for name in ("areas", "blocks")],
    ]
)


def forest_evidence(
    forest_predictions: pa.Table,
    forest_splits: pa.Table,
    target_kinds: pa.Table,
    seed: int,
) -> pa.Table:
    """One row: one score of a feature set, or its gain over another, by kind of folds.

    Scores are of all tested areas together, intervals over blocks drawn anew.
    """
    measures = MEASURES[target_kinds["kind"][0].as_py()]
    blocks = forest_splits.select(["area", "block"]).to_pandas().set_index("area")
    place = pd.Series(pd.factorize(blocks["block"], sort=True)[0], blocks.index)
    draws = draw_blocks(int(place.max()) + 1, seed)
    tested = forest_predictions.to_pandas()

    rows: list[dict[str, Any]] = []
    for validation in ("random", "blocked"):
        own = tested[tested["validation"] == validation]
        rows += evidence(own, place, draws, measures, validation)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def evidence(
    tested: pd.DataFrame,
    place: pd.Series,
    draws: np.ndarray,
    measures: tuple[str, ...],
    validation: str,
) -> list[dict[str, Any]]:
    """Return the rows of one kind of folds."""
    scores = {
        name: drawn_scores(own, "predicted", "predicted", place, draws)
        for name, own in tested.groupby("feature_set")
    }
    one = tested[tested["feature_set"] == "both"]
    scores[FLOOR] = drawn_scores(one, "majority_class", "median_class", place, draws)
    asked = [(name, "") for name in scores] + list(GAINS)
    rows = []
    for feature_set, baseline in asked:
        for measure in measures:
            found = scores[feature_set][measure]
            if baseline:
                found = found - scores[baseline][measure]
            low, high = interval(found[1:])
            values = {"value": float(found[0]), "low": low, "high": high}
            rows.append(
                {
                    "validation": validation,
                    "feature_set": feature_set,
                    "baseline": baseline or "none",
                    "measure": measure,
                    **{k: None if math.isnan(v) else v for k, v in values.items()},
                    "areas": len(one),
                    "blocks": draws.shape[1],
                }
            )
    return rows


def drawn_scores(
    tested: pd.DataFrame,
    likeliest: str,
    middle: str,
    place: pd.Series,
    draws: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return each measure (1 + draws,) of two columns: for hits, and for distances."""
    actual, blocks = tested["actual"].to_numpy(), place[tested["area"]].to_numpy()
    by_hits, by_middle = (
        scores_of(draws @ sums_by_block(actual, tested[name].to_numpy(), blocks))
        for name in (likeliest, middle)
    )
    return by_hits | {"label_error": by_middle["label_error"]}
