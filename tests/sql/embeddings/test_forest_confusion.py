"""embeddings.forest_confusion on hand-made rows, against scikit-learn."""

import pandas as pd
from sklearn.metrics import confusion_matrix

CLASSES = {"embeddings.target_kinds": [{"kind": "classes"}]}


def test_the_matrix_equals_scikit_learns(run_model, predictions):
    tables = CLASSES | {"embeddings.forest_predictions": predictions}
    table = run_model("embeddings.forest_confusion", tables)
    frame = pd.DataFrame(predictions)
    for key, group in frame.groupby(["feature_set", "validation"]):
        chosen = table[
            (table["feature_set"] == key[0]) & (table["validation"] == key[1])
        ]
        matrix = chosen.pivot(index="actual", columns="predicted", values="areas")
        expected = confusion_matrix(group["actual"], group["predicted"])
        assert matrix.to_numpy().tolist() == expected.tolist()


def test_pairs_without_areas_have_a_row_and_shares_sum_to_100(run_model, predictions):
    few = [row for row in predictions if row["actual"] != row["predicted"]]
    table = run_model(
        "embeddings.forest_confusion",
        CLASSES | {"embeddings.forest_predictions": few},
    )
    assert (table["areas"] == 0).any()
    assert len(table) == 9 * 25
    sums = table.groupby(["feature_set", "validation", "actual"])["share_of_actual"]
    assert ((sums.sum() - 100).abs() < 1e-9).all()


def test_a_class_that_never_occurs_has_no_share(run_model):
    row = {"area": "a", "feature_set": "both", "validation": "blocked"}
    rows = [row | {"actual": 1, "predicted": 2}]
    table = run_model(
        "embeddings.forest_confusion",
        CLASSES | {"embeddings.forest_predictions": rows},
    )
    assert table[table["actual"] == 1]["share_of_actual"].tolist() == [0, 100]
    assert table[table["actual"] == 2]["share_of_actual"].isna().all()


def test_numbers_have_no_matrix(run_model, predictions):
    tables = {"embeddings.forest_predictions": predictions}
    kind = {"embeddings.target_kinds": [{"kind": "number"}]}
    assert run_model("embeddings.forest_confusion", tables | kind).empty
