"""embeddings.forest_fold_scores on hand-made rows, against scikit-learn."""

import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    f1_score,
    mean_absolute_error,
    r2_score,
)

CLASSES = {"embeddings.target_kinds": [{"kind": "classes"}]}

OTHER_PREDICTIONS = {
    "median": "predicted_median",
    "ordinal": "predicted_ordinal",
    "floor": "median_class",
}
OTHERS = {"area": "a"} | dict.fromkeys(
    ("predicted_median", "predicted_ordinal", "majority_class", "median_class"), 1
)


def test_every_score_equals_scikit_learns(run_model, predictions):
    table = run_model(
        "embeddings.forest_fold_scores",
        CLASSES | {"embeddings.forest_predictions": predictions},
    )
    keys = ["feature_set", "validation", "fold"]
    groups = pd.DataFrame(predictions).groupby(keys)
    assert len(table) == len(groups) == 15
    for key, group in groups:
        row = table.set_index(keys).loc[key]
        actual, predicted = group["actual"], group["predicted"]
        assert row["rows_tested"] == len(group)
        assert row["accuracy"] == pytest.approx(accuracy_score(actual, predicted))
        error = mean_absolute_error(actual, predicted)
        assert row["label_error"] == pytest.approx(error)
        errors = (actual - predicted).abs()
        assert row["label_error_standard_error"] == pytest.approx(errors.sem())
        for name, guess in OTHER_PREDICTIONS.items():
            error = mean_absolute_error(actual, group[guess])
            assert row[f"{name}_label_error"] == pytest.approx(error)
        for name, guess in (
            ("ordinal", "predicted_ordinal"),
            ("floor", "majority_class"),
        ):
            hits = accuracy_score(actual, group[guess])
            assert row[f"{name}_accuracy"] == pytest.approx(hits)
        assert row["r_squared"] == pytest.approx(r2_score(actual, predicted))
        expected = spearmanr(actual, predicted).statistic
        assert row["rank_correlation"] == pytest.approx(expected)
        assert row["macro_f1"] == pytest.approx(
            f1_score(actual, predicted, average="macro")
        )
        assert row["quadratic_weighted_kappa"] == pytest.approx(
            cohen_kappa_score(actual, predicted, weights="quadratic")
        )


def test_a_class_that_is_only_predicted_counts_with_an_f1_of_0(run_model):
    row = OTHERS | {"feature_set": "both", "validation": "blocked", "fold": 1}
    pairs = [(1, 1), (1, 1), (2, 2), (2, 3)]
    rows = [row | {"actual": a, "predicted": p} for a, p in pairs]
    table = run_model(
        "embeddings.forest_fold_scores",
        CLASSES | {"embeddings.forest_predictions": rows},
    )
    assert table["macro_f1"][0] == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_a_fold_of_one_class_that_is_always_hit_has_no_kappa(run_model):
    row = OTHERS | {"feature_set": "both", "validation": "blocked", "fold": 1}
    rows = [row | {"actual": 1, "predicted": 1}] * 2
    table = run_model(
        "embeddings.forest_fold_scores",
        CLASSES | {"embeddings.forest_predictions": rows},
    )
    assert table["accuracy"].tolist() == [1]
    assert table["quadratic_weighted_kappa"].isna().all()


def test_of_numbers_there_is_no_accuracy_but_an_error_and_r_squared(run_model):
    row = OTHERS | {"feature_set": "both", "validation": "blocked", "fold": 1}
    pairs = [(0.5, 0.25), (1.5, 1.75), (3.0, 3.0)]
    rows = [row | {"actual": a, "predicted": p} for a, p in pairs]
    tables = {
        "embeddings.forest_predictions": rows,
        "embeddings.target_kinds": [{"kind": "number"}],
    }
    found = run_model("embeddings.forest_fold_scores", tables).iloc[0]
    nothing = ["accuracy", "ordinal_accuracy", "floor_accuracy", "macro_f1"]
    assert found[nothing].isna().all()
    assert found["label_error"] == pytest.approx(1 / 6)
    assert found["r_squared"] == pytest.approx(r2_score(*zip(*pairs, strict=True)))
