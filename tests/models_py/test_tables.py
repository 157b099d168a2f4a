"""models_py/tables.py: from a table to a matrix."""

import numpy as np
import pyarrow as pa
import pytest

from models_py import tables
from models_py.tables import area_matrix, sampled_rows, weighted_variables


def test_codes_names_and_values_are_taken_apart():
    areas, variables, values = area_matrix(
        pa.table({"area": ["E1", "E2"], "v01": [0.0, 0.5], "v02": [1.0, 0.25]})
    )
    assert areas.to_pylist() == ["E1", "E2"]
    assert variables == ["v01", "v02"]
    assert values.tolist() == [[0, 1], [0.5, 0.25]]


def test_values_are_contiguous_double_precision_whatever_the_columns_types():
    table = pa.table({"area": ["E1", "E2"], "v01": pa.array([1, 2], pa.int32())})
    values = area_matrix(table).values
    assert values.dtype == np.float64
    assert values.flags.c_contiguous


def test_the_key_may_have_another_name_and_place():
    areas, variables, _ = area_matrix(
        pa.table({"d01": [1.0], "LSOA": ["E9"]}), key="LSOA"
    )
    assert areas.to_pylist() == ["E9"]
    assert variables == ["d01"]


def test_a_column_of_several_chunks_is_one():
    half = pa.table({"area": ["E1"], "v01": [0.5]})
    assert area_matrix(pa.concat_tables([half, half])).values.tolist() == [[0.5]] * 2


def test_a_missing_value_is_refused_by_name():
    table = pa.table({"area": ["E1", "E2"], "v01": [0.0, 1.0], "v02": [None, 0.5]})
    with pytest.raises(ValueError, match="1 areas have no value of v02"):
        area_matrix(table)


def test_weights_are_taken_by_name_and_rooted():
    scaled = pa.table({"area": ["E1"], "v01": [1.0], "v02": [1.0], "v03": [1.0]})
    weighting = pa.table({"variable": ["v03", "v01"], "weight": [4.0, 1.0]})
    matrix = weighted_variables(scaled, weighting)
    assert matrix.variables == ["v01", "v03"]
    assert matrix.values.tolist() == [[1.0, 2.0]]


def test_of_many_areas_a_fixed_sample_in_order_is_taken(monkeypatch):
    monkeypatch.setattr(tables, "SAMPLE_AREAS", 10)
    rows = sampled_rows(100, 1)
    assert len(set(rows)) == 10
    assert list(rows) == sorted(sampled_rows(100, 1))
    assert list(sampled_rows(10, 1)) == list(range(10))
