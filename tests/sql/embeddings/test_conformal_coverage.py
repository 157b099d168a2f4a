"""embeddings.conformal_coverage on hand-made sets, against scikit-learn."""

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score

SETS = [
    {"area": f"E{number}", "feature_set": "both", "fold": 1 + number % 2}
    | {"is_covered": number != 1, "size": float(number)}
    for number in range(6)
]


def test_coverage_is_the_share_of_sets_that_hold_their_target(run_model):
    tables = {"embeddings.conformal_sets": SETS}
    row = run_model("embeddings.conformal_coverage", tables, set_coverage=0.9).iloc[0]
    frame = pd.DataFrame(SETS)
    by_fold = [
        accuracy_score([True] * len(own), own["is_covered"])
        for _, own in frame.groupby("fold")
    ]
    assert (row["areas"], row["asked_for"]) == (6, 0.9)
    assert row["coverage"] == pytest.approx(
        accuracy_score([True] * 6, frame["is_covered"])
    )
    assert row["lowest_fold"] == pytest.approx(min(by_fold))
    assert row["highest_fold"] == pytest.approx(max(by_fold))
    assert row["mean_size"] == 2.5
