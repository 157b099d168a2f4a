"""scored.area_values and model_variables: what can't be scored is a sentence."""

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
