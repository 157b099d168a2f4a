"""embeddings.id_matches on hand-made rows."""

import pandas as pd


def matches(run_model, areas: str, socioeconomic: str) -> pd.DataFrame:
    """Return the model's table for areas that are named by a letter each."""
    tables = {
        "embeddings.areas": [{"area": letter} for letter in areas],
        "embeddings.socioeconomic": [{"area": letter} for letter in socioeconomic],
    }
    return run_model("embeddings.id_matches", tables).set_index("file")


def test_each_file_says_how_many_of_its_areas_the_other_lacks_and_three(run_model):
    table = matches(run_model, "fabcde", "ez")
    assert table.loc["areas"].tolist() == [6, 5, "a, b, c"]
    assert table.loc["socio-economic"].tolist() == [2, 1, "z"]


def test_files_that_match_have_no_examples(run_model):
    table = matches(run_model, "ab", "ba")
    assert table["unmatched"].tolist() == [0, 0]
    assert table["examples"].isna().all()
