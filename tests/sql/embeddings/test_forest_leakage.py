"""embeddings.forest_leakage on hand-made scores."""

import pytest

SCORES = [
    {
        "feature_set": "both",
        "validation": validation,
        "accuracy": accuracy,
        "label_error": 2 - accuracy,
        "floor_accuracy": 0.1,
    }
    for validation, accuracy in (
        ("single_split", 0.5),
        ("random", 0.375),
        ("blocked", 0.25),
    )
]


def test_the_leak_is_told_apart_from_luck(run_model):
    tables = {"embeddings.forest_scores": SCORES}
    row = run_model("embeddings.forest_leakage", tables).iloc[0]
    assert (row["leakage"], row["luck"]) == (0.125, 0.125)
    assert row["label_error_leakage"] == 0.125
    assert row["floor_accuracy"] == pytest.approx(0.1)
