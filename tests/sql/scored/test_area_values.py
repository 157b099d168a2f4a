"""scored.area_values and model_variables: what can't be scored is a sentence."""

import json

import duckdb
import pytest


def test_text_among_the_values_is_named_with_its_column(run_model):
    with pytest.raises(
        duckdb.Error, match='column v05 holds "high", which is no number'
    ):
        run_model(
            "scored.area_values",
            {"scored.file": [{"OA": "E1", "v01": "1.5", "v05": "high", "other": "x"}]},
            areas_file="scored.file",
            area_column="OA",
            model_variable_codes=["v01", "v05"],
        )


def test_only_the_models_variables_are_read_and_gaps_stay(run_model):
    found = run_model(
        "scored.area_values",
        {"scored.file": [{"OA": "E1", "v01": "1.5", "v05": None, "other": "x"}]},
        areas_file="scored.file",
        area_column="OA",
        model_variable_codes=["v01", "v05"],
    )
    assert list(found.columns) == ["area", "v01", "v05"]
    assert found["v01"].tolist() == [1.5] and found["v05"].isna().all()


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ({"schema": "other/2"}, "of the version other/2; known is placetypes-model/1"),
        ({"schema": "placetypes-model/1", "variables": []}, "holds no variables"),
    ],
)
def test_a_file_that_is_no_model_is_refused(run_model, tmp_path, model, sentence):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model))
    with pytest.raises(duckdb.Error, match=sentence):
        run_model("scored.model_variables", {}, model_file=str(path))
