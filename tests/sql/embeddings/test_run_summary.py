"""embeddings.run_summary on hand-made rows."""

import pytest

AREAS = [{"area": f"a{number}", "was_repaired": number == 0} for number in range(5)]
NOTHING_LEFT_OUT = "select '' as area, '' as reason where false"


def contacts(is_unseen: bool) -> list[dict]:
    """Return two folds of which 9 of 40 areas touch the training."""
    return [
        {
            "validation": "blocked",
            "areas_tested": 20,
            "areas_touching": touching,
            "is_unseen": is_unseen,
        }
        for touching in (4, 5)
    ]


@pytest.fixture
def scores() -> list[dict]:
    """Give the scores of three feature sets under three validations, all alike."""
    return [
        {
            "feature_set": feature_set,
            "validation": validation,
            "accuracy": 0.25,
            "r_squared": 0.5,
            "r_squared_spread": 0.25,
            "rank_correlation": 0.75,
            "label_error": 1.5,
            "accuracy_spread": 0.01,
            "label_error_spread": 0.125,
            "forests": 5,
            "accuracy_low": 0.2,
            "accuracy_high": 0.3,
            "median_label_error": 1.25,
            "floor_accuracy": 0.1,
            "floor_label_error": 2.5,
            "ordinal_accuracy": 0.2,
            "ordinal_label_error": 1.75,
        }
        for feature_set in ("socioeconomic", "embeddings", "both")
        for validation in ("single_split", "random", "blocked")
    ]


@pytest.fixture
def summary(run_model, scores):
    """Give a function that returns the summary's lines as (topic, text)."""

    def run(**changes):
        tables = {
            "areas": AREAS,
            "words_notice": "select '' as text where false",
            "blocks": [{"area": "a1", "block": "b"}, {"area": "a2", "block": "b"}],
            "embeddings": AREAS[1:],
            "metric_agreement": [{"other_metric": "cosine", "adjusted_rand": 0.5}],
            "target_kinds": [{"kind": "classes", "distinct_values": 10}],
            "forest_verdict": [{"text": "On unseen blocks …"}],
            "mixes": [{"mix": mix} for mix in (0.5, 0.75, 1.0)],
            "dimensions": [{"dimension": "A00", "column_name": "A0"}],
            "used_columns": [
                {"variable": "decile", "column_name": "decile"},
                {"variable": "fid (socio-economic)", "column_name": "fid"},
            ],
            "id_matches": [
                {"file": "areas", "areas": 5, "unmatched": 4, "examples": "a, b, c"},
                {
                    "file": "socio-economic",
                    "areas": 9,
                    "unmatched": 0,
                    "examples": None,
                },
            ],
            "left_out": NOTHING_LEFT_OUT,
            "cluster_summary": [
                {
                    "cluster": "A",
                    "name": "Healthy",
                    "areas": 4,
                    "share_of_areas": 100.0,
                    "target_mean": 2.25,
                }
            ],
            "representative_areas": [
                {"cluster": "A", "rank": 1, "area": "a3", "area_name": "Third"},
                {"cluster": "A", "rank": 2, "area": "a4", "area_name": "Fourth"},
            ],
            "forest_scores": scores,
            "forest_leakage": [
                {"feature_set": "both", "leakage": 0.0625, "label_error_leakage": 0.5}
            ],
            "fold_contacts": contacts(True),
            "residual_autocorrelation": [
                {
                    "feature_set": "both",
                    "validation": validation,
                    "morans_i": 0.25,
                    "p_value": 0.015625,
                }
                for validation in ("random", "blocked")
            ],
            "forest_differences": [
                {
                    "validation": validation,
                    "feature_set": "both",
                    "baseline": "embeddings",
                    "measure": measure,
                    "difference": -0.125,
                    "spread": 0.5,
                    "folds": 5,
                    "folds_better": 2,
                }
                for validation in ("single_split", "blocked")
                for measure in ("accuracy", "macro_f1", "r_squared")
            ],
        }
        tables = {f"embeddings.{k}": v for k, v in (tables | changes).items()}
        table = run_model(
            "embeddings.run_summary",
            tables,
            target="decile",
            block_by="name",
            embedding_metric="euclidean",
        )
        return list(zip(table["topic"], table["text"], strict=True))

    return run


def test_the_lines_of_a_run(summary):
    assert summary() == [
        ("areas", "5 in the file, 4 with all 1 dimensions (A0 to A0)"),
        ("boundaries", "1 invalid polygons repaired"),
        ("columns", "fid is called fid (socio-economic) in the results"),
        ("without a match", "4 of the 5 codes of the areas file (a, b, c, …)"),
        (
            "cluster A",
            "Healthy: 4 areas (100.0 %), most typical: Third; mean decile 2.2",
        ),
        (
            "metric",
            "clusters by euclidean; those by cosine agree with them to 0.50 (adjusted "
            "Rand index, 1 is the same)",
        ),
        (
            "mix",
            "mean embeddings are 0.50 to 1.00 long, 0.75 in the middle; the shorter, "
            "the more mixed an area is",
        ),
        ("target", "decile is ordered classes (10 of them)"),
        *[
            (
                topic,
                "forest accuracy 0.250 (0.200 to 0.300) on a single split, 0.250 ± "
                "0.010 on random folds, 0.250 ± 0.010 on 5 folds of unseen blocks; "
                "label error 1.50 there, 1.25 by the median",
            )
            for topic in ("predictors alone", "embeddings alone", "both together")
        ],
        (
            "without forests",
            "the most frequent class alone: accuracy 0.100, label error 2.50; a "
            "straight line through both together: 0.200, 1.75",
        ),
        ("contacts", "22.5 % of the test areas touch an area that trains"),
        (
            "leak",
            "both: neighbours that train are worth +0.062 of accuracy (random folds "
            "against blocks)",
        ),
        (
            "gain",
            "both over embeddings: accuracy -0.125 ± 0.500 on unseen blocks, "
            "better in 2 of 5 folds",
        ),
        (
            "errors",
            "both: Moran's I of the errors on unseen blocks is 0.25 (p = 0.016)",
        ),
        ("embeddings", "On unseen blocks …"),
    ]


def test_of_a_number_r_squared_and_its_error_are_told(summary, scores):
    nothing = ("accuracy", "accuracy_spread", "floor_accuracy", "ordinal_accuracy")
    rows = [row | dict.fromkeys(nothing) for row in scores]
    lines = summary(
        forest_scores=rows,
        target_kinds=[{"kind": "number", "distinct_values": 44}],
        forest_leakage=[
            {"feature_set": "both", "leakage": None, "label_error_leakage": 0.5}
        ],
    )
    assert ("target", "decile is a number (44 distinct values)") in lines
    assert dict(lines)["both together"] == (
        "forest R² 0.500 on a single split, 0.500 ± 0.250 on random folds, 0.500 ± "
        "0.250 on 5 folds of unseen blocks; mean absolute error 1.5 there, rank "
        "correlation 0.75"
    )
    assert dict(lines)["without forests"] == (
        "the median alone: mean absolute error 2.5; a straight line through both "
        "together: 1.75"
    )
    assert dict(lines)["gain"] == (
        "both over embeddings: R² -0.125 ± 0.500 on unseen blocks, better in 2 of 5 "
        "folds"
    )


def test_blocks_that_touch_the_training_too_often_are_not_called_unseen(summary):
    lines = summary(fold_contacts=contacts(False))
    told = [text for topic, text in lines if topic != "embeddings"]
    assert not any("unseen blocks" in text for text in told)
    assert (
        "contacts",
        "22.5 % of the test areas touch an area that trains, too many to call them "
        "unseen: set block_by = location, fewer location_blocks or a block_buffer",
    ) in lines


def test_what_is_left_out_is_counted_by_reason_with_three_codes(summary):
    rows = [{"area": f"a{number}", "reason": "no row"} for number in range(4)]
    rows.append({"area": "b", "reason": "no value"})
    lines = summary(left_out=rows)
    assert ("left out", "4: no row (a0, a1, a2, …)") in lines
    assert ("left out", "1: no value (b)") in lines


def test_a_cluster_without_a_target_says_so(summary):
    row = {"cluster": "A", "name": "Healthy", "areas": 4, "share_of_areas": 50.0}
    rows = [row | {"target_mean": None}, row | {"cluster": "B", "target_mean": 1.0}]
    assert (
        "cluster A",
        "Healthy: 4 areas (50.0 %), most typical: Third; no area has a value of "
        "decile, so its name says little",
    ) in summary(cluster_summary=rows)


def test_blocks_of_one_area_each_are_told(summary):
    alone = [{"area": "a1", "block": "b"}, {"area": "a2", "block": "c"}]
    assert dict(summary(blocks=alone))["blocks"] == (
        "each of the 2 blocks is one area: block_by = name keeps no areas together; "
        "try block_by=location"
    )
