"""embeddings.forest_scores on hand-made rows."""

import pandas as pd
import pytest
from scipy.stats import binomtest

MEASURES = ["accuracy", "label_error", "macro_f1", "quadratic_weighted_kappa"]
MEASURES += ["r_squared", "rank_correlation"]

OTHERS = [
    "label_error_standard_error",
    "median_label_error",
    "ordinal_accuracy",
    "ordinal_label_error",
    "floor_accuracy",
    "floor_label_error",
]
INTERVALS = ["accuracy_low", "accuracy_high", "label_error_low", "label_error_high"]


def fold(validation: str, number: int, score: float) -> dict:
    """Return one forest's scores, all alike."""
    row = {"feature_set": "both", "validation": validation, "fold": number}
    others = dict.fromkeys(OTHERS, score / 2)
    return row | dict.fromkeys(MEASURES, score) | others | {"rows_tested": 20}


@pytest.fixture
def scores(run_model) -> pd.DataFrame:
    """Give the scores of a single split and three folds; 2 of 14 areas drop out."""
    return run_model(
        "embeddings.forest_scores",
        {
            "embeddings.forest_fold_scores": [
                fold("single_split", 0, 0.7),
                fold("blocked", 1, 0.1),
                fold("blocked", 2, 0.2),
                fold("blocked", 3, 0.3),
            ],
            "embeddings.forest_inputs": [{"area": n} for n in range(12)],
            "embeddings.areas": [{"area": n} for n in range(14)],
        },
    ).set_index("validation")


def test_a_single_split_has_no_spread(scores):
    row = scores.loc["single_split"]
    assert [row[measure] for measure in MEASURES] == [0.7] * 6
    assert row[[f"{measure}_spread" for measure in MEASURES]].isna().all()
    assert (row["forests"], row["rows_tested"]) == (1, 20)


def test_folds_have_a_mean_and_a_standard_deviation(scores):
    row = scores.loc["blocked"]
    assert [row[measure] for measure in MEASURES] == pytest.approx([0.2] * 6)
    spreads = [row[f"{measure}_spread"] for measure in MEASURES]
    assert spreads == pytest.approx([0.1] * 6)
    assert (row["forests"], row["rows_tested"]) == (3, 60)
    assert row[OTHERS[1:]].tolist() == pytest.approx([0.1] * 5)
    assert row[INTERVALS].isna().all()


def test_a_single_split_has_the_interval_of_its_areas(scores):
    interval = binomtest(14, 20).proportion_ci(method="wilson")
    expected = [interval.low, interval.high, 0.7 - 1.96 * 0.35, 0.7 + 1.96 * 0.35]
    found = scores.loc["single_split", INTERVALS].tolist()
    assert found == pytest.approx(expected, abs=1e-4)


def test_areas_without_a_value_are_counted(scores):
    assert scores["rows_used"].tolist() == [12, 12]
    assert scores["rows_dropped"].tolist() == [2, 2]
