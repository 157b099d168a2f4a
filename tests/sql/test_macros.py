"""sql/macros.sql: the arithmetic that models share, against NumPy."""

import math
import statistics
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placetypes.sources import read_macros


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an in-memory database with the macros."""
    with duckdb.connect() as opened:
        for macro in read_macros(Path(__file__).parents[2] / "sql/macros.sql").values():
            opened.execute(macro)
        yield opened


percentages = st.floats(0, 1e6, allow_subnormal=False)


def column(database, expression: str, values: list[float | None]) -> list:
    """Return an expression over the rows of x, in their order."""
    return [
        row[0]
        for row in database.execute(
            f"""
            select {expression}
            from (select unnest($1::double[]) as x, generate_subscripts($1, 1) as row)
            order by row
            """,
            [values],
        ).fetchall()
    ]


@given(values=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20))
def test_ihs_is_arcsinh(database, values):
    np.testing.assert_allclose(
        column(database, "ihs(x)", values), np.arcsinh(values), rtol=1e-12
    )


def test_ihs_keeps_0_and_the_sign(database):
    assert column(database, "ihs(x)", [0.0]) == [0]
    one, other = column(database, "ihs(x)", [-3.0, 3.0])
    assert one == -other


@given(values=st.lists(percentages, min_size=2, max_size=20, unique=True))
def test_unit_scale_is_min_max(database, values):
    low, high = min(values), max(values)
    np.testing.assert_allclose(
        column(database, "unit_scale(x)", values),
        (np.array(values) - low) / (high - low),
        rtol=0,
        atol=1e-12,
    )


@given(value=percentages, times=st.integers(1, 9))
def test_unit_scale_makes_a_constant_0(database, value, times):
    assert column(database, "unit_scale(x)", [value] * times) == [0] * times


def test_unit_scale_leaves_a_missing_value_missing(database):
    assert column(database, "unit_scale(x)", [1.0, None, 3.0]) == [0, None, 1]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (-5.0, "<80"),
        (79.999, "<80"),
        (80.0, "80-120"),
        (120.0, "80-120"),
        (120.001, "120-200"),
        (199.999, "120-200"),
        (200.0, ">=200"),
        (None, None),
    ],
)
def test_index_band(database, score, band):
    assert column(database, "index_band(x)", [score]) == [band]


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("A", None),
        ("AA", None),
        ("A1", "A"),
        ("AB12", "AB"),
        ("A1a", "A1"),
        ("A12aa", "A12"),
        ("A1a10", "A1a"),
    ],
)
def test_parent_cluster_takes_the_last_part_off(database, code, parent):
    found = database.execute("select parent_cluster($1)", [code]).fetchone()
    assert found == (parent,)


@pytest.mark.parametrize(
    ("macro", "expected"), [("exact_sum", math.fsum), ("exact_avg", statistics.fmean)]
)
def test_exact_sums_are_the_same_in_any_order(macro, expected, database):
    values = np.random.default_rng(4).lognormal(3, 2, 50_000)
    found = set()
    for seed in range(5):
        rows = pd.DataFrame({"x": np.random.default_rng(seed).permutation(values)})
        found |= set(database.sql(f"select {macro}(x) from rows").fetchall())
        assert len(rows) == len(values)
    assert len(found) == 1
    assert found.pop()[0] == pytest.approx(expected(values), rel=1e-13)
