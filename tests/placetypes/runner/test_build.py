"""variables.py: what a parameter is to SQL."""

import duckdb
import pytest

from placetypes.runner.build import set_variable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        ("North", "North"),
        ([3, 4], [3, 4]),
        (["v01"], ["v01"]),
        ([], []),
        ({"A": 2, "other": 3}, '{"A": 2, "other": 3}'),
        ([8, [3, 1], {"A1": 2}], '[8, [3, 1], {"A1": 2}]'),
    ],
)
def test_a_value_is_a_variable_and_what_sql_has_no_type_for_is_json(value, expected):
    with duckdb.connect() as connection:
        set_variable(connection, "x", value)
        assert connection.execute("select getvariable('x')").fetchone() == (expected,)
