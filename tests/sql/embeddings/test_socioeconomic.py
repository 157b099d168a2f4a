"""embeddings.socioeconomic on hand-made files."""

import duckdb
import pandas as pd
import pytest


@pytest.fixture
def socioeconomic(run_model, tmp_path):
    """Give a function from a CSV's text to the model's table."""

    def run(text, map_variables=()):
        path = tmp_path / "socioeconomic.csv"
        path.write_text(text)
        return run_model(
            "embeddings.socioeconomic",
            {},
            socioeconomic_path=str(path),
            id_column="CODE",
            target="decile",
            predictors=["No job, per cent"],
            map_variables=list(map_variables),
        )

    return run


HEADER = ',CODE,decile,"No job, per cent",other\n'


def test_the_unnamed_index_and_unused_columns_are_left_out(socioeconomic):
    table = socioeconomic(HEADER + "0,01,8,2.5,x\n1,02,1,3,y\n")
    assert table.columns.tolist() == ["area", "decile", "No job, per cent"]
    assert table.values.tolist() == [["01", 8.0, 2.5], ["02", 1.0, 3.0]]


def test_mapped_variables_are_kept_too(socioeconomic):
    table = socioeconomic(HEADER + "0,01,8,2.5,7\n", map_variables=["other"])
    assert table["other"].tolist() == [7.0]


@pytest.mark.parametrize("empty", ["", " ", "NaN"])
def test_an_empty_cell_is_a_missing_value(empty, socioeconomic):
    table = socioeconomic(HEADER + f"0,01,8,{empty},x\n1,02,1,3,y\n")
    assert pd.isna(table["No job, per cent"][0])
    assert len(table) == 2


def test_text_is_refused_with_area_and_column(socioeconomic):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        socioeconomic(HEADER + "0,01,8,2.5,x\n1,02,1,n/a,y\n")
    assert (
        'Area 02 holds the text "n/a" in column No job, per cent of the '
        "socio-economic file, where a number is expected."
    ) in str(refused.value)


def test_an_infinity_is_refused(socioeconomic):
    with pytest.raises(duckdb.InvalidInputException, match="Area 01 holds an infinity"):
        socioeconomic(HEADER + "0,01,8,inf,x\n")
