"""embeddings.joined on hand-made rows."""

import duckdb
import pandas as pd
import pytest

AREAS = [{"area": code, "area_name": code.upper()} for code in "abcd"]


def id_matches(unmatched: int) -> list[dict]:
    """Return what id_matches says of 4 areas and 3 socio-economic rows."""
    return [
        {"file": "areas", "areas": 4, "unmatched": unmatched, "examples": "a, b, c"},
        {"file": "socio-economic", "areas": 3, "unmatched": 3, "examples": "x, y, z"},
    ]


def joined(run_model, codes: str, unmatched: int) -> pd.DataFrame:
    """Return the model's table for socio-economic rows with such codes."""
    return run_model(
        "embeddings.joined",
        {
            "embeddings.areas": AREAS,
            "embeddings.socioeconomic": [{"area": c, "decile": 5} for c in codes],
            "embeddings.id_matches": id_matches(unmatched),
        },
        id_column="GEOID",
    )


def test_every_area_stays_and_foreign_rows_do_not_come_in(run_model):
    table = joined(run_model, "bxy", unmatched=3)
    assert table["area"].tolist() == list("abcd")
    assert table["area_name"].tolist() == list("ABCD")
    assert table["decile"].dropna().tolist() == [5]


def test_files_without_a_common_code_are_refused_with_three_of_each(run_model):
    with pytest.raises(duckdb.InvalidInputException) as refused:
        joined(run_model, "xyz", unmatched=4)
    assert (
        "None of the 4 areas (a, b, c …) is among the 3 of the socio-economic file "
        "(x, y, z …): column GEOID must hold the same codes in both files."
    ) in str(refused.value)
