"""census.scaled_variables on hand-made rows."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays


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
    )
    curved = np.arcsinh(matrix)
    width = np.ptp(curved, axis=0)
    expected = (curved - curved.min(axis=0)) / np.where(width == 0, 1, width)
    np.testing.assert_allclose(scaled[names], expected, rtol=0, atol=1e-12)
