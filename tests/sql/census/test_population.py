"""census.population on small CSV files."""

import pytest


@pytest.fixture
def read_population(run_model, tmp_path):
    """Give a function that writes text as the population file and runs the model."""

    def read(text: str):
        path = tmp_path / "oa_pop_data.csv"
        path.write_text(text)
        return run_model("census.population", tables={}, population_file=str(path))

    return read


def test_residents_are_numbers(read_population):
    population = read_population("OA,uk001001\nE1,312\nE2,0\nE3,1.5\n")
    assert population.to_dict("list") == {
        "area": ["E1", "E2", "E3"],
        "population": [312, 0, 1.5],
    }


def test_columns_are_found_by_name(read_population):
    population = read_population("name,uk001001,OA\nHere,12,E1\n")
    assert population.to_dict("records") == [{"area": "E1", "population": 12}]


def test_codes_that_look_like_numbers_stay_text(read_population):
    population = read_population("OA,uk001001\n00012,5\n")
    assert population.loc[0, "area"] == "00012"


@pytest.mark.parametrize("cell", ["", '""', "  "])
def test_an_area_without_a_figure_has_a_missing_population(read_population, cell):
    population = read_population(f"OA,uk001001\nE1,{cell}\nE2,8\n")
    assert population["population"].isna().tolist() == [True, False]
