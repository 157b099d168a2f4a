"""embeddings.socioeconomic and further_values on hand-made files."""

import duckdb
import pandas as pd
import pytest


@pytest.fixture
def socioeconomic(run_model, tmp_path):
    """Give a function from a CSV's text to the model's table."""

    def run(text, model="socioeconomic", map_variables=(), missing_codes=()):
        path = tmp_path / "socioeconomic.csv"
        path.write_text(text)
        records = run_model(
            "embeddings.socioeconomic_records",
            {},
            socioeconomic_path=str(path),
            socioeconomic_id_column="CODE",
        )
        return run_model(
            f"embeddings.{model}",
            {"embeddings.socioeconomic_records": records.to_dict("records")},
            target="decile",
            predictors=["No job, per cent"],
            map_variables=list(map_variables),
            missing_codes=list(missing_codes),
        )

    return run


HEADER = ',CODE,decile,"No job, per cent",other\n'


def test_the_unnamed_index_and_unused_columns_are_left_out(socioeconomic):
    table = socioeconomic(HEADER + "0,01,8,2.5,x\n1,02,1,3,y\n")
    assert table.columns.tolist() == ["area", "No job, per cent", "decile"]
    assert table.values.tolist() == [["01", 2.5, 8.0], ["02", 3.0, 1.0]]


def test_mapped_variables_of_the_file_are_further_values(socioeconomic):
    text = HEADER + "0,01,8,2.5,7\n1,02,1,3,\n"
    table = socioeconomic(text, "further_values", ["other", "decile", "A00"])
    assert table.values.tolist() == [["01", "other", 7.0]]
    assert socioeconomic(text, "further_values").empty


def test_a_declared_code_is_a_missing_value(socioeconomic):
    text = HEADER + "0,01,-999,2.5,x\n1,02,1,-666666666.0,y\n"
    table = socioeconomic(text, missing_codes=["-999", "-666666666"])
    assert table.isna().to_numpy().tolist() == [
        [False, False, True],
        [False, True, False],
    ]


def test_a_column_called_as_one_of_ours_gets_another_name(run_model):
    records = [{"record_id": "01", "AREA": "1.5", "fid": "7"}]
    table = run_model(
        "embeddings.socioeconomic",
        {"embeddings.socioeconomic_records": records},
        target="fid",
        predictors=["AREA"],
        missing_codes=[],
    )
    assert table.to_dict("records") == [
        {"area": "01", "AREA (socio-economic)": 1.5, "fid (socio-economic)": 7.0}
    ]


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
