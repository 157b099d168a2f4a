"""The step residual_autocorrelation, against NumPy."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from models_py.embeddings.residual_autocorrelation import residual_autocorrelation

SIDE = 8
AREAS = [f"E{row}{column}" for row in range(SIDE) for column in range(SIDE)]


@pytest.fixture(scope="module")
def neighbours() -> pa.Table:
    """Give a chessboard's fields that share an edge, and a pair that doesn't touch."""
    places = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    pairs = [
        {"area": f"E{a}{b}", "neighbour": f"E{c}{d}", "touches": True}
        for a, b in places
        for c, d in places
        if abs(a - c) + abs(b - d) == 1
    ]
    far = {"area": "E00", "neighbour": "E77", "touches": False}
    return pa.Table.from_pylist([*pairs, far])


def predictions(errors: np.ndarray, validation: str = "blocked") -> pa.Table:
    """Return predictions of class 5 that miss by the errors."""
    return pa.table(
        {
            "area": AREAS,
            "feature_set": ["both"] * len(AREAS),
            "validation": [validation] * len(AREAS),
            "actual": 5 + errors,
            "predicted_median": [5] * len(AREAS),
        }
    )


def test_morans_i_is_that_of_its_formula(neighbours):
    errors = np.random.default_rng(1).integers(-3, 4, len(AREAS))
    row = residual_autocorrelation(predictions(errors), neighbours).to_pylist()[0]
    frame = neighbours.to_pandas().query("touches")
    weights = pd.crosstab(frame["area"], frame["neighbour"]).to_numpy(float)
    weights = weights / weights.sum(axis=1, keepdims=True)
    centred = errors - errors.mean()
    expected = (centred @ weights @ centred) / (centred @ centred)
    assert row["morans_i"] == pytest.approx(expected)
    assert row["expected"] == pytest.approx(-1 / 63)
    assert row["areas"] == 64


def test_errors_that_lie_together_are_found_out_and_shuffled_ones_are_not(neighbours):
    together = np.repeat([-2, 2], len(AREAS) // 2)
    shuffled = np.random.default_rng(3).permutation(together)
    p_values = [
        residual_autocorrelation(predictions(errors, "random"), neighbours)[
            "p_value"
        ].to_pylist()[0]
        for errors in (together, shuffled)
    ]
    assert p_values[0] < 1e-9
    assert p_values[1] > 0.05


def test_without_touching_areas_or_with_equal_errors_nothing_is_measured(neighbours):
    none = neighbours.slice(neighbours.num_rows - 1)
    errors = np.arange(len(AREAS))
    row = residual_autocorrelation(predictions(errors), none).to_pylist()[0]
    assert (row["areas"], row["morans_i"]) == (0, None)
    row = residual_autocorrelation(predictions(errors * 0), neighbours).to_pylist()[0]
    assert (row["areas"], row["p_value"]) == (64, None)


def test_a_single_split_is_left_out(neighbours):
    table = predictions(np.arange(len(AREAS)), "single_split")
    assert residual_autocorrelation(table, neighbours).num_rows == 0
