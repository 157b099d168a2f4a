"""embeddings.mapped_values on hand-made rows."""

import duckdb
import pandas as pd
import pytest

JOINED = [
    {"area": "a", "area_name": "A", "decile": 3.0, "health": 1.5},
    {"area": "b", "area_name": "B", "decile": None, "health": 2.5},
]
EMBEDDINGS = [{"area": "a", "A00": 0.5}]


def mapped(run_model, *names: str) -> pd.DataFrame:
    """Return the model's table for such map_variables."""
    return run_model(
        "embeddings.mapped_values",
        {
            "embeddings.described": JOINED,
            "embeddings.embeddings": EMBEDDINGS,
            "embeddings.mixes": [{"area": "a", "mix": 0.5}],
        },
        map_variables=list(names),
        used_columns=["decile", "health"],
    )


def test_without_a_wish_target_predictors_and_mix_are_mapped(run_model):
    assert mapped(run_model).values.tolist() == [
        ["a", "decile", 3.0],
        ["a", "health", 1.5],
        ["a", "mix", 0.5],
        ["b", "health", 2.5],
    ]


def test_a_dimension_can_be_mapped(run_model):
    assert mapped(run_model, "A00").values.tolist() == [["a", "A00", 0.5]]


def test_an_unknown_variable_is_refused_by_name(run_model):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        mapped(run_model, "health", "helth", "age")
    assert (
        "map_variables names age, helth, which is neither an embedding dimension nor a "
        "column of the socio-economic file with values for these areas."
    ) in str(refused.value)
