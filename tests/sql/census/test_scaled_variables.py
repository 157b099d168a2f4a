"""census.scaled_variables on hand-made rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sklearn.preprocessing import StandardScaler


def test_each_variable_runs_from_0_to_1_after_arcsinh(run_model):
    scaled = run_model(
        "census.scaled_variables",
        tables={
            "census.region_variables": [
                {"area": "E1", "v01": 0.0, "v02": 7.0},
                {"area": "E2", "v01": 3.0, "v02": 7.0},
                {"area": "E3", "v01": 10.0, "v02": 7.0},
            ]
        },
        scaling="min_max",
    )
    assert list(scaled["v01"]) == [0, np.arcsinh(3) / np.arcsinh(10), 1]


def test_a_constant_variable_becomes_0(run_model):
    scaled = run_model(
        "census.scaled_variables",
        tables={
            "census.region_variables": [
                {"area": "E1", "v01": 5.0},
                {"area": "E2", "v01": 5.0},
            ]
        },
        scaling="min_max",
    )
    assert list(scaled["v01"]) == [0, 0]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    matrix=arrays(
        float,
        array_shapes(min_dims=2, max_dims=2, max_side=12),
        elements=st.floats(0, 1e4).map(lambda value: round(value, 2)),
    )
)
def test_scaling_equals_numpy_on_any_matrix(run_model, matrix):
    names = [f"v{number:02}" for number in range(matrix.shape[1])]
    scaled = run_model(
        "census.scaled_variables",
        tables={
            "census.region_variables": [
                {"area": f"E{number:02}", **dict(zip(names, row, strict=True))}
                for number, row in enumerate(matrix.tolist())
            ]
        },
        scaling="min_max",
    )
    curved = np.arcsinh(matrix)
    width = np.ptp(curved, axis=0)
    expected = (curved - curved.min(axis=0)) / np.where(width == 0, 1, width)
    np.testing.assert_allclose(scaled[names], expected, rtol=0, atol=1e-12)


@pytest.fixture
def skewed() -> pd.DataFrame:
    """Give 200 areas with two skewed variables, a constant and one nearly all 0."""
    rng = np.random.default_rng(6)
    values = pd.DataFrame(rng.gamma(1, 10, (200, 2)).round(2), columns=["v01", "v02"])
    rare = np.where(np.arange(200) == 7, 5.0, 0.0)
    return values.assign(v03=3.0, v04=rare)


def scaled_by(run_model, values: pd.DataFrame, scaling: str) -> pd.DataFrame:
    """Return the values put on one scale."""
    areas = [f"E{number:03}" for number in range(len(values))]
    rows = values.assign(area=areas).to_dict("records")
    tables = {"census.region_variables": rows}
    return run_model("census.scaled_variables", tables, scaling=scaling)[values.columns]


def test_z_scores_are_scikit_learns(run_model, skewed):
    expected = StandardScaler().fit_transform(np.arcsinh(skewed))
    found = scaled_by(run_model, skewed, "z_score")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_a_trimmed_range_runs_between_percentiles(run_model, skewed):
    curved = np.arcsinh(skewed)
    low, high = np.percentile(curved, [1, 99], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.clip((curved - low) / (high - low), 0, 1)
    found = scaled_by(run_model, skewed, "range_trimmed")
    both = ["v01", "v02"]
    np.testing.assert_allclose(found[both], expected[both], rtol=0, atol=1e-12)
    assert (found["v03"] == 0).all()
    # Its percentiles coincide, so it runs from its smallest to its largest value.
    assert found["v04"].tolist() == (skewed["v04"] / 5).tolist()
