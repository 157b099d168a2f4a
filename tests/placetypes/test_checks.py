"""Data checks: each kind finds the rows that break its promise."""

import pytest

from placetypes.checks import (
    Check,
    failure_sentence,
    read_check,
    run_check,
    run_checks,
)
from placetypes.errors import PlacetypesError

ROWS = """
create schema town;
create table town.areas as from (values
    ('E1', 'A', 10.0), ('E2', 'B', 20.0), ('E2', null, -1.0), (null, 'C', 'nan'::double)
) as rows (area, supergroup, share);
create table town.known as from (values ('E1'), (null)) as rows (area);
"""


def failing(connection, entry) -> int:
    """Return how many rows of town.areas break a check."""
    connection.execute("drop schema if exists town cascade")
    connection.execute(ROWS)
    (check,) = read_check("town.areas", entry)
    return run_check(connection, check).failing


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"not_null": "area"}, 1),
        ({"unique": "area"}, 1),
        ({"unique": ["area", "supergroup"]}, 0),
        ({"accepted_values": {"column": "supergroup", "values": ["A", "B"]}}, 1),
        ({"range": {"column": "share", "minimum": 0}}, 2),  # -1 and NaN
        ({"range": {"column": "share", "minimum": -1, "maximum": 15}}, 2),
        ({"relationships": {"column": "area", "to": "town.known.area"}}, 2),
        ({"row_count_equals": "town.known"}, 1),
        ({"expression": "share > 0 and area is not null"}, 2),
        ({"expression": "supergroup <> 'Z'"}, 1),  # null doesn't meet it
        ({"expression": "sum(1) over () = 4"}, 0),
    ],
)
def test_a_check_counts_the_rows_that_break_it(entry, expected, connection):
    assert failing(connection, entry) == expected


def test_not_null_takes_several_columns():
    names = [check.name for check in read_check("t.a", {"not_null": ["x", "y"]})]
    assert names == ["not_null x", "not_null y"]


@pytest.mark.parametrize(
    "entry",
    [
        {"no_such_check": "area"},
        {"unique": "area", "severity": "fatal"},
        {"unique": "area", "not_null": "area"},
        {},
    ],
)
def test_a_check_that_tables_yml_botches_is_refused(entry):
    with pytest.raises(PlacetypesError, match=r"tables.yml, town.areas"):
        read_check("town.areas", entry)


def test_a_check_of_a_column_that_is_not_there_says_so(connection):
    with pytest.raises(PlacetypesError, match="can't run"):
        failing(connection, {"not_null": "colour"})


def test_a_text_with_a_quote_is_no_sql(connection):
    entry = {"accepted_values": {"column": "supergroup", "values": ["A'; drop x"]}}
    assert failing(connection, entry) == 3


def test_a_failure_names_the_check_three_rows_and_the_query(connection):
    connection.execute("create schema town")
    connection.execute("create table town.areas as select range as area from range(5)")
    check = Check("town.areas", "not 7", "error", "from town.areas where area <> 7")
    sentence = failure_sentence(run_check(connection, check), "outputs")
    assert "town.areas breaks the check not 7: 5 rows" in sentence
    assert "area 0; area 1; area 2." in sentence
    assert '"from town.areas where area <> 7"' in sentence


def test_checks_that_are_asked_together_find_what_each_finds_alone(connection):
    connection.execute("drop schema if exists town cascade")
    connection.execute(ROWS)
    entries = [{"not_null": "area"}, {"unique": ["area", "supergroup"]}]
    checks = [check for entry in entries for check in read_check("town.areas", entry)]
    together = run_checks(connection, checks)
    assert [result.failing for result in together] == [1, 0]
    assert together[0].columns == run_check(connection, checks[0]).columns
    assert len(together[0].examples) == 1
    assert together[1].examples == []


def test_one_of_several_checks_that_cannot_run_is_named(connection):
    connection.execute("drop schema if exists town cascade")
    connection.execute(ROWS)
    entries = [{"not_null": "area"}, {"not_null": "arrea"}]
    checks = [check for entry in entries for check in read_check("town.areas", entry)]
    connection.execute("begin")  # as a table's checks run, beside its making
    with pytest.raises(
        PlacetypesError, match=r"not_null arrea of town.areas can't run"
    ):
        run_checks(connection, checks)
    connection.execute("rollback")


def test_a_table_without_checks_has_nothing_to_ask(connection):
    assert run_checks(connection, []) == []
