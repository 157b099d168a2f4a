"""embeddings.run_summary on hand-made rows."""

import pytest

AREAS = [{"area": f"a{number}", "was_repaired": number == 0} for number in range(5)]
NOTHING_LEFT_OUT = "select '' as area, '' as reason where false"


@pytest.fixture
def summary(run_model):
    """Give a function that returns the summary's lines as (topic, text)."""

    def run(**changes):
        scores = [
            {
                "feature_set": feature_set,
                "validation": validation,
                "accuracy": 0.25,
                "label_error": 1.5,
                "accuracy_spread": 0.01,
                "label_error_spread": 0.125,
                "forests": 5,
            }
            for feature_set in ("socioeconomic", "embeddings", "both")
            for validation in ("single_split", "blocked")
        ]
        tables = {
            "areas": AREAS,
            "blocks": [{"area": "a1", "block": "b"}, {"area": "a2", "block": "b"}],
            "embeddings": AREAS[1:],
            "dimensions": [{"dimension": "A00"}],
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
                for measure in ("accuracy", "macro_f1")
            ],
        }
        tables = {f"embeddings.{k}": v for k, v in (tables | changes).items()}
        table = run_model(
            "embeddings.run_summary", tables, target="decile", block_by="name"
        )
        return list(zip(table["topic"], table["text"], strict=True))

    return run


def test_the_lines_of_a_run(summary):
    assert summary() == [
        ("areas", "5 in the file, 4 with all 1 dimensions"),
        ("boundaries", "1 invalid polygons repaired"),
        ("without a match", "4 of the 5 codes of the areas file (a, b, c, …)"),
        (
            "cluster A",
            "Healthy: 4 areas (100.0 %), most typical: Third; mean decile 2.2",
        ),
        *[
            (
                topic,
                "forest accuracy 0.250, label error 1.50 on a single split; "
                "0.250 ± 0.010, 1.50 ± 0.12 on 5 folds of unseen blocks",
            )
            for topic in ("predictors alone", "embeddings alone", "both together")
        ],
        (
            "gain",
            "both over embeddings: accuracy -0.125 ± 0.500 on unseen blocks, "
            "better in 2 of 5 folds",
        ),
    ]


def test_what_is_left_out_is_counted_by_reason_with_three_codes(summary):
    rows = [{"area": f"a{number}", "reason": "no row"} for number in range(4)]
    rows.append({"area": "b", "reason": "no value"})
    lines = summary(left_out=rows)
    assert ("left out", "4: no row (a0, a1, a2, …)") in lines
    assert ("left out", "1: no value (b)") in lines


def test_a_cluster_without_a_target_says_nothing_of_it(summary):
    row = {"cluster": "A", "name": "Healthy", "areas": 4, "share_of_areas": 50.0}
    rows = [row | {"target_mean": None}, row | {"cluster": "B", "target_mean": 1.0}]
    assert ("cluster A", "Healthy: 4 areas (50.0 %), most typical: Third") in summary(
        cluster_summary=rows
    )


def test_blocks_of_one_area_each_are_told(summary):
    alone = [{"area": "a1", "block": "b"}, {"area": "a2", "block": "c"}]
    assert dict(summary(blocks=alone))["blocks"] == (
        "each of the 2 blocks is one area: block_by = name keeps no areas together; "
        "try block_by=location"
    )
