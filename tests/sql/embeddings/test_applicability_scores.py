"""embeddings.applicability_scores on hand-made rows, against scikit-learn."""

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, mean_absolute_error


@pytest.mark.parametrize("kind", ["classes", "number"])
def test_scores_are_told_inside_and_outside_the_area_of_applicability(
    kind, run_model, predictions
):
    areas = [f"E{number:02}" for number in range(60)]
    inside = {area: number % 3 > 0 for number, area in enumerate(areas)}
    tables = {
        "embeddings.forest_predictions": predictions,
        "embeddings.target_kinds": [{"kind": kind}],
        "embeddings.applicability": [
            {"area": area, "feature_set": "both"}
            | {"is_inside": inside.get(area, False), "has_target": area != "new"}
            for area in [*areas, "new"]
        ],
        "embeddings.conformal_sets": [
            {"area": area, "feature_set": "both", "is_covered": number % 4 > 0}
            for number, area in enumerate(areas)
        ],
    }
    table = run_model("embeddings.applicability_scores", tables)
    frame = pd.DataFrame(predictions)
    own = frame[(frame["feature_set"] == "both") & (frame["validation"] == "blocked")]
    for _, row in table.iterrows():
        part = own[own["area"].map(inside) == row["is_inside"]]
        assert row["areas_tested"] == len(part)
        assert row["areas_without_target"] == int(not row["is_inside"])
        error = mean_absolute_error(part["actual"], part["predicted"])
        assert row["label_error"] == pytest.approx(error)
        if kind == "classes":
            hits = accuracy_score(part["actual"], part["predicted"])
            assert row["accuracy"] == pytest.approx(hits)
        else:
            assert pd.isna(row["accuracy"])
