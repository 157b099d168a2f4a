"""embeddings.forest_verdict on hand-made rows."""

import itertools

VALUES = {"socioeconomic": 0.25, "embeddings": 0.5, "both": 0.625, "majority": 0.125}


def evidence() -> list[dict]:
    """Return each score with an interval of ±0.25, and three gains."""
    pairs = [(name, "none") for name in VALUES]
    pairs += [("embeddings", "socioeconomic"), ("both", "socioeconomic")]
    return [
        {
            "validation": validation,
            "feature_set": name,
            "baseline": other,
            "measure": "accuracy",
            "value": VALUES[name] - VALUES.get(other, 0),
            "low": VALUES[name] - VALUES.get(other, 0) - 0.25,
            "high": VALUES[name] - VALUES.get(other, 0) + 0.25,
        }
        for validation, (name, other) in itertools.product(("random", "blocked"), pairs)
    ]


def test_scores_gains_coverage_and_areas_outside_make_one_paragraph(run_model):
    inside = {"feature_set": "both", "areas_tested": 5, "areas_without_target": 2}
    tables = {
        "target_kinds": [{"kind": "classes"}],
        "fold_contacts": [{"validation": "blocked", "is_unseen": True}],
        "forest_evidence": evidence(),
        "applicability_scores": [
            inside | {"is_inside": True},
            inside | {"is_inside": False},
        ],
        "conformal_coverage": [
            {
                "feature_set": "both",
                "asked_for": 0.9,
                "coverage": 0.875,
                "lowest_fold": 0.75,
                "highest_fold": 1.0,
                "mean_size": 2.5,
            }
        ],
    }
    tables = {f"embeddings.{name}": rows for name, rows in tables.items()}
    (text,) = run_model("embeddings.forest_verdict", tables)["text"]
    assert text == (
        "On unseen blocks, accuracy is 0.250 (0.000 to 0.500) by the predictors alone, "
        "0.500 (0.250 to 0.750) by the embeddings alone and 0.625 (0.375 to 0.875) by "
        "both; knowing nothing gives 0.125. In place of the predictors the embeddings "
        "are worth +0.250 (+0.000 to +0.500, within chance), beside them +0.375 "
        "(+0.125 to +0.625, more than chance); on random folds, where neighbours give "
        "the answer away, +0.375 (+0.125 to +0.625, more than chance). Sets that are "
        "to hold 90 % of the targets hold 87.5 % there (75.0 to 100.0 by fold), 2.5 "
        "wide in the mean. 7 areas are unlike all that trained: there no score vouches "
        "for the model."
    )
