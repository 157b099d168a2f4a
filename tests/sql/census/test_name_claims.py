"""census.name_claims on hand-made rows."""

import pytest

PROFILE = [
    {
        "level": "supergroup",
        "cluster": "A",
        "variable": variable,
        "variable_name": variable.upper(),
        "index_score": index,
        "direction": direction,
    }
    for variable, index, direction in [
        ("flat", 150.0, "above"),
        ("car", 50.0, "below"),
        ("pro", 110.0, "near"),
    ]
]


def given(claims, fate):
    """Return a table of one given name, as a SELECT."""
    return f"""
        select 'supergroup' as level, 'A' as cluster, '{fate}' as fate,
            {claims}::struct(variable varchar, direction varchar)[] as claims
    """


def verdict(run_model, variable, direction, fate="kept"):
    """Return the verdict on one claim, None where it isn't looked at."""
    claims = f"[{{'variable': {variable!r}, 'direction': {direction}}}]"
    found = run_model(
        "census.name_claims",
        tables={
            "census.given_names": given(claims, fate),
            "census.cluster_profiles": PROFILE,
        },
    )
    return None if found.empty else found.loc[0, "verdict"]


@pytest.mark.parametrize(
    ("variable", "direction", "expected"),
    [
        ("flat", "'above'", "supported"),
        ("flat", "'below'", "contradicted"),
        ("car", "'below'", "supported"),
        ("car", "'above'", "contradicted"),
        ("pro", "'above'", "within 80-120"),
        ("v999", "'above'", "unknown variable"),
        ("flat", "'sideways'", "no direction"),
        ("flat", "null", "no direction"),
    ],
)
def test_each_claim_is_held_against_its_index_score(
    variable, direction, expected, run_model
):
    assert verdict(run_model, variable, direction) == expected


def test_a_name_that_belongs_to_no_cluster_is_not_judged(run_model):
    assert verdict(run_model, "flat", "'above'", fate="outlived") is None
