"""embeddings.districts and forest_district_scores on hand-made rows."""

import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, cohen_kappa_score, mean_absolute_error


@pytest.mark.parametrize(
    ("district_by", "expected"),
    [
        ("name", ["Bath", "Bath", "unknown"]),
        ("2", ["01", "02", "02"]),
        ("county", ["x", "y", "unknown"]),
    ],
)
def test_a_district_is_of_the_name_the_code_or_a_column(
    district_by, expected, run_model
):
    names = ["Bath 001A", "Bath 002B", None]
    tables = {
        "embeddings.areas": [
            {"area": code, "area_name": name}
            for code, name in zip(["011", "021", "022"], names, strict=True)
        ],
        "embeddings.area_records": [
            {"record_id": code, "county": county}
            for code, county in zip(
                ["011", "021", "022"], ["x", "y", None], strict=True
            )
        ],
    }
    table = run_model("embeddings.districts", tables, district_by=district_by)
    assert table["district"].tolist() == expected


def test_scores_of_a_district_are_those_of_its_tested_areas(run_model, predictions):
    areas = [f"E{number:02}" for number in range(60)]
    tables = {
        "embeddings.forest_predictions": predictions,
        "embeddings.target_kinds": [{"kind": "classes"}],
        "embeddings.districts": [
            {"area": area, "district": "ab"[number % 2]}
            for number, area in enumerate(areas)
        ],
    }
    table = run_model("embeddings.forest_district_scores", tables)
    assert len(table) == 6
    row = table.set_index(["feature_set", "district"]).loc["both", "b"]
    frame = pd.DataFrame(predictions)
    own = frame[(frame["feature_set"] == "both") & (frame["validation"] == "blocked")]
    own = own[own["area"].isin(areas[1::2])]
    hits = own["actual"] == own["predicted"]
    assert (row["areas"], row["accuracy"]) == (30, hits.mean())
    bounds = binomtest(int(hits.sum()), 30).proportion_ci(method="wilson")
    assert row["accuracy_low"] == pytest.approx(bounds.low, abs=1e-6)
    assert row["accuracy_high"] == pytest.approx(bounds.high, abs=1e-6)
    assert row["accuracy"] == accuracy_score(own["actual"], own["predicted"])
    for name, guess in (
        ("accuracy", "majority_class"),
        ("label_error", "median_class"),
    ):
        score = accuracy_score if name == "accuracy" else mean_absolute_error
        assert row[f"floor_{name}"] == pytest.approx(score(own["actual"], own[guess]))
    error = mean_absolute_error(own["actual"], own["predicted"])
    assert row["label_error"] == pytest.approx(error)
    kappa = cohen_kappa_score(own["actual"], own["predicted"], weights="quadratic")
    assert row["quadratic_weighted_kappa"] == pytest.approx(kappa)
    assert row["bias"] == pytest.approx((own["predicted"] - own["actual"]).mean())
