"""embeddings.dimensions on hand-made files."""

import duckdb
import pytest

COLUMNS = {"GEOID": ["a", "b"], "NAME": ["A", "B"], "A9x": [1, 2]}


def columns(*names: str) -> dict[str, list]:
    """Return two areas with such columns."""
    return COLUMNS | {name: [0.5, 0.25] for name in names}


@pytest.fixture
def dimensions(run_model, areas_file):
    """Give a function from a file's columns and the pattern to its dimensions."""

    def run(names, pattern=r"^A\d+$", promised=3):
        parameters = {"embedding_pattern": pattern, "embedding_dimensions": promised}
        file = areas_file(columns(*names) if isinstance(names, list) else names)
        return run_model("embeddings.dimensions", {}, **file, **parameters)

    return run


def test_numbers_are_padded_so_that_they_sort(dimensions):
    found = dimensions(["A10", "A2", "A1"]).sort_values("dimension")
    assert found["dimension"].tolist() == ["A01", "A02", "A10"]
    assert found["column_name"].tolist() == ["A1", "A2", "A10"]


def test_numbers_of_one_width_stay_as_they_are(dimensions):
    found = dimensions(["A00_mean", "A01_mean", "A63_mean"], r"^A\d+_mean$")
    assert found["dimension"].tolist() == found["column_name"].tolist()


def test_each_number_of_a_name_has_a_width_of_its_own(dimensions):
    found = dimensions(["e2024_9", "e2024_10", "e2025_1"], r"^e\d+_\d+$")
    expected = ["e2024_09", "e2024_10", "e2025_01"]
    assert sorted(found["dimension"]) == expected


def test_columns_that_do_not_fit_are_left_out(dimensions):
    assert len(dimensions(["A1", "A2", "A3", "dzcode", "A4_max"])) == 3


def test_values_are_counted(dimensions):
    found = dimensions({**columns("A1", "A2"), "A3": [0.5, None]})
    counts = dict(zip(found["dimension"], found["areas_with_value"], strict=True))
    assert counts == {"A1": 2, "A2": 2, "A3": 1}


def test_no_fitting_column_is_an_error_that_shows_the_pattern_and_some_columns(
    dimensions,
):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        dimensions(["B1", "B2"])
    assert (
        r"No column of the areas file fits embedding_pattern = ^A\d+$; there are "
        "A9x, B1, B2 … Set embedding_pattern to what the embedding columns are "
        "called."
    ) in str(refused.value)


@pytest.mark.parametrize("names", [["A1", "A2"], ["A1", "A2", "A3", "A4"]])
def test_another_number_of_columns_than_promised_is_an_error(names, dimensions):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        dimensions(names)
    assert (
        f"{len(names)} columns of the areas file fit embedding_pattern = ^A\\d+$, but "
        "embedding_dimensions promises 3; get the whole file, or set "
        f"embedding_dimensions to {len(names)}."
    ) in str(refused.value)
