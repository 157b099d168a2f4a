"""census.cluster_shares on hand-made rows: what is commonest, what one notices."""

import pytest

COLUMNS = {
    "level": "supergroup",
    "family": "A",
    "cluster": "A",
    "domain": "Homes",
    "strength": 1.0,
    "contrast": 1.0,
}


def shares(run_model, *rows, unit="share", whole="dwelling"):
    """Return the shares of variables: code, share, region's share, standard error."""
    profiles, words = [], []
    for variable, mean, overall, error in rows:
        index = 100 * mean / overall
        near = "above" if index > 120 else "below" if index < 80 else "near"
        profiles.append(
            COLUMNS
            | {"variable": variable, "variable_name": variable, "cluster_mean": mean}
            | {"overall_mean": overall, "standard_error": error}
            | {"index_score": index, "direction": near}
        )
        words.append(
            {"variable": variable, "phrase": variable, "whole": whole, "unit": unit}
        )
    return run_model(
        "census.cluster_shares",
        tables={"census.cluster_profiles": profiles, "census.variable_words": words},
        names_share=5.0,
    ).set_index("variable")


def test_the_commonest_of_a_whole_and_how_far_it_is_ahead(run_model):
    found = shares(
        run_model,
        ("semi", 42.0, 40.0, 1.0),
        ("flat", 26.0, 20.0, 1.0),
        ("row", 20.0, 30.0, 1.0),
    )
    assert found["is_commonest"].to_dict() == {
        "semi": True,
        "flat": False,
        "row": False,
    }
    assert found["ahead_by"].to_dict() == {"semi": 16, "flat": -16, "row": -22}
    assert found.loc["semi", "next_commonest"] == "flat"


def test_what_no_variable_counts_is_an_alternative_too(run_model):
    found = shares(run_model, ("flat", 30.0, 20.0, 1.0), ("row", 10.0, 20.0, 1.0))
    assert not found["is_commonest"].any()  # 60 % live in something else


@pytest.mark.parametrize(
    ("share", "overall", "error", "expected"),
    [
        (30.0, 20.0, 1.0, True),  # 150, and 10 less for two errors
        (25.0, 20.0, 1.0, False),  # 125, and 10 less
        (14.0, 20.0, 0.5, True),  # 70, and 5 more
        (15.0, 20.0, 1.0, False),  # 75, and 10 more
        (4.0, 2.0, 0.01, False),  # twice as many, and no one sees them
        (4.0, 1.0, 0.01, True),  # four times as many
        (0.9, 0.1, 0.001, False),  # nine times as many, and still no one
        (1.0, 4.0, 0.01, False),  # few where few are anyway
        (30.0, 20.0, None, True),  # a single area has no error
    ],
)
def test_one_notices_a_margin_and_a_share(share, overall, error, expected, run_model):
    found = shares(run_model, ("x", share, overall, error), ("y", 20.0, 20.0, 1.0))
    assert found.loc["x", "is_noticed"] == expected


def test_a_measure_has_no_share(run_model):
    found = shares(run_model, ("density", 3.0, 2.0, 0.01), unit="density", whole=None)
    assert found["share"].isna().all()
    assert found["is_noticed"].all()
    assert not found["is_commonest"].any()
