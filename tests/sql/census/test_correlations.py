"""census.correlations against NumPy."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SQL = Path(__file__).parents[3] / "sql" / "census" / "correlations.sql"


def correlations(run_model, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations as a square, variables by partners."""
    rows = frame.assign(area=[f"E{n:03}" for n in range(len(frame))])
    return run_model(
        "census.correlations",
        tables={"census.scaled_variables": rows.to_dict("records")},
    ).pivot(index="variable", columns="partner", values="correlation")


def test_they_equal_numpys_in_both_orders(run_model):
    rng = np.random.default_rng(1)
    values = rng.random((200, 5)) @ rng.random((5, 5))
    names = ["v01", "v02", "v03", "v04", "v05"]
    square = correlations(run_model, pd.DataFrame(values, columns=names))
    expected = np.corrcoef(values, rowvar=False)
    np.fill_diagonal(expected, np.nan)  # a variable isn't its own partner
    np.testing.assert_allclose(square, expected, rtol=0, atol=1e-12)


def test_a_perfect_line_is_1_and_its_reverse_minus_1(run_model):
    square = correlations(
        run_model,
        pd.DataFrame({"v01": [0, 0.5, 1], "v02": [0, 0.25, 0.5], "v03": [1, 0.5, 0]}),
    )
    assert square.loc["v01", "v02"] == pytest.approx(1)
    assert square.loc["v03", "v01"] == pytest.approx(-1)


def test_a_constant_has_no_correlation_but_a_row(run_model):
    frame = pd.DataFrame({"v01": [0, 0.5, 1], "v02": [0.0, 0.0, 0.0]})
    square = correlations(run_model, frame)
    assert np.isnan(square.loc["v01", "v02"])
    assert np.isnan(square.loc["v02", "v01"])


def test_that_of_a_constant_is_missing_and_not_nan(run_model, connection):
    """NaN, which pandas can't tell from missing, would exceed every threshold."""
    correlations(run_model, pd.DataFrame({"v01": [0, 0.5], "v02": [0.0, 0.0]}))
    connection.execute(f"create table census.correlations as {SQL.read_text()}")
    counts = "select count(*), count(correlation) from census.correlations"
    assert connection.execute(counts).fetchone() == (2, 0)


def test_one_variable_alone_has_no_pairs(run_model):
    assert correlations(run_model, pd.DataFrame({"v01": [0, 1.0]})).empty
