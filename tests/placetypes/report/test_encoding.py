"""Numbers and texts survive the page's encoding, and no text can break out of it."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placetypes.report.encoding import (
    numbers_of,
    packed,
    places_of,
    put_numbers,
    short,
    unpacked,
)


@given(st.text())
def test_data_come_back_and_hold_no_markup(text):
    written = packed({"name": text})
    assert unpacked(written) == {"name": text}
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", written)


def test_the_same_data_give_the_same_text():
    assert packed([1, 2]) == packed([1, 2])


def test_percentages_come_back_to_the_digit():
    values = np.round(np.random.default_rng(1).uniform(0, 100, 500), 2)
    assert numbers_of(np.append(values, np.nan)) == [*values.tolist(), None]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.23456789, 1.23457),
        (123_456_789.0, 123_456_789),
        (-0.000012345678, -1.23457e-5),
    ],
)
def test_numbers_keep_six_digits(value, expected):
    assert numbers_of(np.array([value])) == [pytest.approx(expected, rel=1e-6)]


def test_whole_numbers_are_written_without_a_point():
    assert packed(numbers_of(np.array([317.0, np.nan]))) == packed([317, None])


def test_a_column_without_any_value_can_be_written():
    assert numbers_of(np.array([np.nan, np.inf])) == [None, None]


@pytest.mark.parametrize(
    "values",
    [[], [np.nan], [2.5, np.nan, 2.5, 1 / 3], [7, np.inf, 7, 1e300], [0.1] * 3],
)
def test_numbers_written_once_each_are_the_text_of_all(values):
    blocks = ["before"]
    assert put_numbers(blocks, np.array(values, dtype=float)) == 1
    assert blocks[1] == packed(numbers_of(np.array(values, dtype=float)))


def test_categories_are_places_among_the_labels():
    assert places_of(["b", None, "a"], ["a", "b"]) == [1, None, 0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.23456789, 1.23457),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("0.5"), 0.5),
        (None, None),
        (True, True),
        (12345678, 12345678),
        ("x", "x"),
    ],
)
def test_cells_of_tables_are_what_json_can_hold(value, expected):
    assert short(value) == expected
