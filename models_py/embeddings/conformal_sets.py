"""Sets of classes, or ranges, that hold an area's target as often as asked for."""

from typing import Any

import numpy as np
import pyarrow as pa

from models_py.methods.conformal_prediction import class_sets, fold_limits

SCHEMA = pa.schema(
    [
        *[("area", pa.string()), ("feature_set", pa.string()), ("fold", pa.int64())],
        *[("lower", pa.float64()), ("upper", pa.float64()), ("held", pa.string())],
        *[("size", pa.float64()), ("is_covered", pa.bool_())],
    ]
)


def conformal_sets(
    forests: pa.Table, target_kinds: pa.Table, set_coverage: float
) -> pa.Table:
    """One row: one area of the blocked folds and the set that one model gives."""
    make = class_rows if target_kinds["kind"][0].as_py() == "classes" else range_rows
    blocked = [row for row in forests.to_pylist() if row["validation"] == "blocked"]
    rows: list[dict[str, Any]] = []
    for feature_set in sorted({row["feature_set"] for row in blocked}):
        own = [row for row in blocked if row["feature_set"] == feature_set]
        tested = [
            test | {"fold": row["fold"]} for row in own for test in row["predictions"]
        ]
        found = make(own, tested, set_coverage)
        rows += [
            {"feature_set": feature_set, "area": test["area"], "fold": test["fold"]}
            | one
            for test, one in zip(tested, found, strict=True)
        ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def class_rows(
    own: list[dict[str, Any]], tested: list[dict[str, Any]], coverage: float
) -> list[dict[str, Any]]:
    """Return each tested area's set of classes."""
    classes = np.unique([name for row in own for name in row["classes"]])
    shares = np.concatenate([spread_votes(row, classes) for row in own])
    actual = np.searchsorted(classes, [test["actual"] for test in tested])
    fold = np.array([test["fold"] for test in tested])
    held = class_sets(shares, actual, fold, coverage)
    return [
        {
            "lower": float(classes[chosen].min()),
            "upper": float(classes[chosen].max()),
            "held": ", ".join(map(str, classes[chosen])),
            "size": float(chosen.sum()),
            "is_covered": bool(chosen[true]),
        }
        for chosen, true in zip(held, actual, strict=True)
    ]


def spread_votes(row: dict[str, Any], classes: np.ndarray) -> np.ndarray:
    """Return a forest's votes (n, c) over all classes, 0 for one it didn't learn."""
    votes = np.array([test["votes"] for test in row["predictions"]])
    spread = np.zeros((len(votes), len(classes)))
    spread[:, np.searchsorted(classes, row["classes"])] = votes
    return spread


def range_rows(
    own: list[dict[str, Any]], tested: list[dict[str, Any]], coverage: float
) -> list[dict[str, Any]]:
    """Return each tested area's range of numbers."""
    actual, predicted, fold = (
        np.array([test[name] for test in tested])
        for name in ("actual", "predicted", "fold")
    )
    limits = fold_limits(abs(actual - predicted), fold, coverage)
    return [
        {
            "lower": float(middle - limit),
            "upper": float(middle + limit),
            "held": None,
            "size": float(2 * limit),
            "is_covered": bool(abs(true - middle) <= limit),
        }
        for middle, limit, true in zip(predicted, limits, actual, strict=True)
    ]
