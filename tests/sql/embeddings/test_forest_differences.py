"""embeddings.forest_differences on hand-made rows."""

import pandas as pd
import pytest

MEASURES = ["accuracy", "label_error", "macro_f1", "quadratic_weighted_kappa"]
MEASURES += ["r_squared", "rank_correlation"]
SCORES = {
    "socioeconomic": {0: 0.25, 1: 0.25, 2: 0.5},
    "embeddings": {0: 0.5, 1: 0.5, 2: 0.25},
    "both": {0: 0.75, 1: 1.0, 2: 0.5},
}


@pytest.fixture
def differences(run_model) -> pd.DataFrame:
    """Give the differences of three feature sets in a single split and two folds."""
    rows = [
        {
            "feature_set": feature_set,
            "validation": "blocked" if fold else "single_split",
            "fold": fold,
            "rows_tested": 5,
            **dict.fromkeys(MEASURES, score),
        }
        for feature_set, folds in SCORES.items()
        for fold, score in folds.items()
    ]
    table = run_model(
        "embeddings.forest_differences", {"embeddings.forest_fold_scores": rows}
    )
    keys = ["validation", "feature_set", "baseline", "measure"]
    return table.set_index(keys).sort_index()


def test_three_pairs_are_compared_on_six_measures_under_each_validation(differences):
    assert len(differences) == 2 * 3 * 6


def test_the_difference_is_taken_fold_by_fold(differences):
    row = differences.loc["blocked", "embeddings", "socioeconomic", "accuracy"]
    assert (row["difference"], row["smallest"], row["largest"]) == (0, -0.25, 0.25)
    assert row["spread"] == pytest.approx(0.25 * 2**0.5)
    assert (row["folds"], row["folds_better"]) == (2, 1)


def test_a_smaller_label_error_is_better(differences):
    row = differences.loc["blocked", "both", "embeddings", "label_error"]
    assert row["difference"] > 0
    assert row["folds_better"] == 0
    row = differences.loc["blocked", "both", "embeddings", "macro_f1"]
    assert row["folds_better"] == 2


def test_a_single_split_has_a_difference_without_spread(differences):
    row = differences.loc["single_split", "both", "socioeconomic", "accuracy"]
    assert row["difference"] == 0.5
    assert pd.isna(row["spread"])
