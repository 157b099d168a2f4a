"""embeddings.mixes and embeddings.cluster_inputs on hand-made rows."""

import duckdb
import numpy as np
import pytest

EMBEDDINGS = [{"area": "a", "A00": 0.3, "A01": 0.4}, {"area": "b", "A00": 0, "A01": -1}]


def mixes(run_model, rows):
    """Return the lengths of the areas' embeddings, and the tables with both."""
    table = run_model("embeddings.mixes", {"embeddings.embeddings": rows})
    tables = {"embeddings.embeddings": rows}
    return table, tables | {"embeddings.mixes": table.to_dict("records")}


def test_mix_is_the_length_of_the_mean_embedding(run_model):
    table, _ = mixes(run_model, EMBEDDINGS)
    assert table["mix"].tolist() == pytest.approx(
        np.linalg.norm([[3, 4], [0, 10]], axis=1) / 10
    )


def test_by_cosine_every_area_has_length_one_and_else_its_own(run_model):
    _, tables = mixes(run_model, EMBEDDINGS)
    name = "embeddings.cluster_inputs"
    unit = run_model(name, tables, embedding_metric="cosine")
    assert unit.values.tolist() == [["a", 0.6, 0.8], ["b", 0.0, -1.0]]
    kept = run_model(name, tables, embedding_metric="euclidean")
    assert kept.to_dict("records") == EMBEDDINGS


def test_an_embedding_of_zeros_has_no_direction(run_model):
    rows = [*EMBEDDINGS, {"area": "z", "A00": 0.0, "A01": 0.0}]
    _, tables = mixes(run_model, rows)
    with pytest.raises(
        duckdb.InvalidInputException, match="Area z has an embedding of"
    ):
        run_model("embeddings.cluster_inputs", tables, embedding_metric="cosine")
