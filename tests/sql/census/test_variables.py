"""census.variables on small Parquet files."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def read_variables(run_model, tmp_path):
    """Give a function that writes a frame as the census file and runs the model."""

    def read(frame: pd.DataFrame) -> pd.DataFrame:
        path = tmp_path / "uk_census_data.parquet"
        frame.to_parquet(path)
        areas = frame.get("OA", pd.Series(frame.index)).tolist()
        region = [{"area": area} for area in areas if area != "beyond"]
        return run_model(
            "census.variables",
            tables={"census.region_areas": region},
            census_file=str(path),
        )

    return read


def test_values_are_rounded_to_2_decimals_half_to_even(read_variables):
    variables = read_variables(
        pd.DataFrame(
            {"OA": ["E1", "E2", "E3"], "v01": [0.125, 0.375, 2.675], "v02": [0, 7, 100]}
        )
    )
    # round() would give 0.13; 2.675 × 100 is 267.5 in binary, whose even neighbour
    # is 268.
    assert list(variables["v01"]) == [0.12, 0.38, 2.68]
    assert list(variables["v02"]) == [0, 7, 100]


def test_rounding_equals_numpy(read_variables):
    halves = np.arange(0, 100, 0.005)
    frame = pd.DataFrame({"OA": [f"E{n:05}" for n in range(len(halves))]})
    variables = read_variables(frame.assign(v01=halves))
    np.testing.assert_array_equal(variables["v01"], np.round(halves, 2))


def test_areas_beyond_the_region_are_left_alone(read_variables):
    variables = read_variables(
        pd.DataFrame({"OA": ["E1", "beyond"], "v01": [1.0, 2.0]})
    )
    assert variables["area"].tolist() == ["E1"]


def test_the_code_may_be_the_index(read_variables):
    variables = read_variables(
        pd.DataFrame({"v01": [1.0, 2.0]}, index=pd.Index(["E2", "E1"], name="OA"))
    )
    assert variables.to_dict("list") == {"area": ["E1", "E2"], "v01": [2, 1]}


def test_whole_numbers_and_numbers_stored_as_text_become_numbers(read_variables):
    variables = read_variables(
        pd.DataFrame({"OA": ["E1"], "v01": [3], "v02": ["4.255"]})
    )
    assert variables["v01"].dtype == variables["v02"].dtype == np.float64
    assert variables.loc[0, "v02"] == np.round(4.255, 2)


def test_a_missing_value_stays_missing(read_variables):
    variables = read_variables(pd.DataFrame({"OA": ["E1", "E2"], "v01": [None, 1.0]}))
    assert variables["v01"].isna().tolist() == [True, False]
    assert len(variables) == 2


def test_an_empty_text_counts_as_missing(read_variables):
    variables = read_variables(
        pd.DataFrame({"OA": ["E1", "E2"], "v01": ["", "1.5"], "v02": ["  ", "2"]})
    )
    assert variables["v01"].isna().tolist() == [True, False]
    assert variables["v02"].isna().tolist() == [True, False]
