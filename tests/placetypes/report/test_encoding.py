"""Numbers and texts survive the page's encoding, and no text can break out of it."""

import base64
import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placetypes.report.encoding import (
    category_column,
    inert_json,
    number_column,
    short,
    varints,
)


def decoded_varints(text: str) -> list[int]:
    """Undo zigzag and LEB128, as page/decode.js does."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return numbers


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_whole_numbers_come_back(numbers):
    assert decoded_varints(varints(np.array(numbers, dtype=np.int64))) == numbers


@given(st.text())
def test_json_comes_back_and_holds_no_markup(text):
    written = inert_json({"name": text})
    assert json.loads(written) == {"name": text}
    assert not set("<>&") & set(written)


def test_percentages_come_back_to_the_digit():
    values = np.round(np.random.default_rng(1).uniform(0, 100, 500), 2)
    column = number_column([*values, None])
    assert column["type"] == "u16"
    places = np.frombuffer(base64.b64decode(column["data"]), dtype="<u2")
    assert (np.round(column["low"] + places[:-1] * column["step"], 2) == values).all()
    assert places[-1] == 65535


@pytest.mark.parametrize("values", [[0.123456, 2.0], [0, 1e6], [-5e5, 5e5]])
def test_other_numbers_come_back_as_floats(values):
    column = number_column([*values, float("nan")])
    assert column["type"] == "f32"
    floats = np.frombuffer(base64.b64decode(column["data"]), dtype="<f4")
    assert floats[:-1] == pytest.approx(values)
    assert np.isnan(floats[-1])


def test_a_column_without_any_value_can_be_written():
    assert number_column([None, None])["type"] == "u16"


def test_categories_are_places_among_the_labels():
    column = category_column(["b", None, "a"], ["a", "b"])
    places = np.frombuffer(base64.b64decode(column["data"]), dtype="<u2")
    assert places.tolist() == [1, 65535, 0]


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
