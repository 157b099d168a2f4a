"""embeddings.forest_predictions on hand-made rows."""


def test_each_tested_area_has_a_row(run_model, forests):
    table = run_model("embeddings.forest_predictions", forests)
    assert table.values.tolist() == [
        ["a", "both", "blocked", 1, 1, 3, 0.4, 2, 1, 3, 2],
        ["a", "both", "single_split", 0, 1, 1, 0.9, 1, 2, 1, 2],
        ["b", "both", "single_split", 0, 2, 1, 0.5, 2, 3, 1, 2],
    ]
