"""The tables that gather the evidence on variables, on hand-made rows."""

import pytest

NAMES = ["v01", "v02", "v03"]


@pytest.fixture
def selection(run_model):
    """Give the evidence on three variables: needed, redundant, noise."""
    return run_model(
        "census.variable_selection",
        tables={
            "census.redundancy_groups": [
                {"variable": v, "variable_name": v.upper(), "redundancy_group": g}
                | {"group_size": n, "kept_variable": g}
                for v, g, n in [("v01", "v01", 2), ("v02", "v01", 2), ("v03", "v03", 1)]
            ],
            "census.variable_weighting": [
                {"variable": v, "domain": "Age", "weight": 1.0} for v in NAMES
            ],
            "census.pca_selection": [
                {"variable": v, "contribution": 33.0, "is_proposed": v != "v03"}
                for v in NAMES
            ],
            "census.autoencoder_errors": [
                {"variable": v, "lost_share": 0.2} for v in NAMES
            ],
            "census.variable_sensitivity": [
                {"variable": v, "separated_share": s, "adjusted_rand_index": 0.9}
                | {"areas_moved": 10, "share_moved": m}
                for v, s, m in [
                    ("v01", 0.5, 8.0),
                    ("v02", 0.5, 2.0),
                    ("v03", 0.01, 0.1),
                ]
            ],
        },
    ).set_index("variable")


def test_reasons_to_leave_out_are_counted_and_named(selection):
    assert list(selection["reasons"]) == [0, 1, 3]
    assert selection["reasons_to_leave_out"].tolist() == [
        "",
        "redundant with v01",
        "contributes little to the components; hardly differs between supergroups; "
        "moves few areas",
    ]


def test_the_reading_says_it_in_sentences(run_model, selection):
    found = run_model(
        "census.selection_reading",
        tables={
            "census.variable_selection": selection.reset_index().to_dict("records"),
            "census.pca_components": [
                {"component": 1, "cumulative_share": 60.0, "is_kept": True},
                {"component": 2, "cumulative_share": 81.0, "is_kept": True},
                {"component": 3, "cumulative_share": 100.0, "is_kept": False},
            ],
            "census.pca_selection": [
                {"variable": v, "is_proposed": True} for v in NAMES
            ],
            "census.selection_scores": [
                {"place": 1, "choice": "all variables", "inputs": 3}
                | {
                    "explained_share": 48.1,
                    "silhouette": 0.2,
                    "adjusted_rand_index": 1.0,
                }
            ],
        },
        redundancy_threshold=0.8,
    )
    text = "\n".join(found["text"])
    assert "1 of 3 variables repeat others (|r| chains above 0.8)" in text
    assert "2 principal components hold 81 % of the variance; 3 variables" in text
    assert "all variables (3) explain 48.1 %" in text
    assert "V01 (v01, 8.0 %); V02 (v02, 2.0 %)" in text
    assert "leaving out: v03." in text


def test_moves_are_the_areas_whose_letter_changes(run_model):
    moves = run_model(
        "census.sensitivity_moves",
        tables={
            "census.sensitivity_labels": [
                {"area": "E1", "v01": "A", "v02": "B"},
                {"area": "E2", "v01": "B", "v02": "B"},
            ],
            "census.supergroups": [
                {"area": "E1", "supergroup": "A"},
                {"area": "E2", "supergroup": "B"},
            ],
        },
    )
    assert moves.to_dict("records") == [
        {"variable": "v02", "area": "E1", "supergroup": "A", "new_supergroup": "B"}
    ]
