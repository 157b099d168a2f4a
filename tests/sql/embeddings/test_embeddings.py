"""embeddings.embeddings on hand-made files."""

import duckdb
import pytest

NAMES = {"GEOID": ["a", "b", "c"], "NAME": ["A", "B", "C"]}
DIMENSIONS = [
    {"column_name": "A1", "dimension": "A01"},
    {"column_name": "A10", "dimension": "A10"},
    {"column_name": "A2", "dimension": "A02"},
]


@pytest.fixture
def embeddings(run_model, areas_file):
    """Give a function from a file's columns to the model's table."""

    def run(missing_values="refuse", missing_codes=(), **columns):
        return run_model(
            "embeddings.embeddings",
            {"embeddings.dimensions": DIMENSIONS},
            **areas_file(NAMES | columns),
            dimensions=["A1", "A10", "A2"],
            missing_values=missing_values,
            missing_codes=list(missing_codes),
        )

    return run


def test_dimensions_are_sorted_by_number_and_other_columns_left_out(embeddings):
    table = embeddings(A10=[10.0] * 3, dzcode=["x"] * 3, A2=[2.0] * 3, A1=[1.0] * 3)
    assert table.columns.tolist() == ["area", "A01", "A02", "A10"]
    assert table.iloc[0].tolist() == ["a", 1.0, 2.0, 10.0]
    assert len(table) == 3


def test_values_keep_every_bit(embeddings):
    value = 0.1 + 0.2
    table = embeddings(A1=[value, 1e-17, -value], A2=[1.0] * 3, A10=[1.0] * 3)
    assert table["A01"].tolist() == [value, 1e-17, -value]


def test_a_missing_value_is_refused_with_area_column_and_remedy(embeddings):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        embeddings(A1=[1.0, None, 2.0], A2=[1.0, 1.0, None], A10=[1.0] * 3)
    assert (
        "Area b has no value in column A1 of the areas file (2 such areas). Fill it "
        "in, or go without areas that have no value with "
        "--set embeddings.missing_values=leave_out."
    ) in str(refused.value)


def test_areas_with_a_missing_value_can_be_left_out(embeddings):
    table = embeddings("leave_out", A1=[1.0, None, 2.0], A2=[1.0] * 3, A10=[1.0] * 3)
    assert table["area"].tolist() == ["a", "c"]


@pytest.mark.parametrize("missing_values", ["refuse", "leave_out"])
def test_text_is_refused(missing_values, embeddings):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        embeddings(missing_values, A1=["1", "x", "2"], A2=[1.0] * 3, A10=[1.0] * 3)
    assert 'Area b has "x" in column A1 of the areas file (1 such areas)' in str(
        refused.value
    )


def test_numbers_written_as_text_are_numbers(embeddings):
    table = embeddings(A1=["0.5", "1", "2"], A2=[1.0] * 3, A10=[1.0] * 3)
    assert table["A01"].tolist() == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("value", [float("inf"), -1e13])
def test_what_is_no_mean_of_anything_is_refused(value, embeddings):
    with pytest.raises(duckdb.InvalidInputException, match=f'Area c has "{value}"'):
        embeddings("leave_out", A1=[1.0, 1.0, value], A2=[1.0] * 3, A10=[1.0] * 3)


def test_a_code_for_a_missing_value_is_refused_unless_declared(embeddings):
    columns = {"A1": [-999.0, 1.0, 2.0], "A2": [1.0] * 3, "A10": [1.0] * 3}
    with pytest.raises(duckdb.InvalidInputException, match='Area a has "-999'):
        embeddings(**columns)
    found = embeddings("leave_out", missing_codes=["-999"], **columns)
    assert found["area"].tolist() == ["b", "c"]
