"""embeddings.mixes on made-up embeddings, against scikit-learn."""

import numpy as np
import pytest
from sklearn.preprocessing import normalize


def test_the_mix_is_the_length_that_scikit_learn_divides_by(run_model):
    values = np.random.default_rng(2).normal(size=(9, 4))
    rows = [
        {"area": f"E{number}"}
        | {f"A{place:02}": float(value) for place, value in enumerate(row)}
        for number, row in enumerate(values)
    ]
    table = run_model("embeddings.mixes", {"embeddings.embeddings": rows})
    _, lengths = normalize(values, return_norm=True)
    assert table["mix"].to_numpy() == pytest.approx(lengths)
