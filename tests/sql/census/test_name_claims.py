"""census.name_claims and census.name_mentions on hand-made rows."""

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
WORDS = [
    {"variable": "flat", "phrase": "flats", "mention": r"\bflats?\b"},
    {
        "variable": "car",
        "phrase": "households with two or more cars",
        "mention": r"two (or more )?cars|two-car",
    },
    {"variable": "pro", "phrase": "professionals", "mention": r"\bprofessionals?\b"},
]


def given(claims="[]", name="Flats", portrait="", fate="kept"):
    """Return a table of one given name, as a SELECT."""
    text = portrait.replace("'", "''")
    return f"""
        select 'supergroup' as level, 'A' as cluster, '{name}' as name,
            '{text}' as portrait, '{fate}' as fate,
            {claims}::struct(variable varchar, direction varchar)[] as claims
    """


def verdict(run_model, variable, direction, fate="kept"):
    """Return the verdict on one claim, None where it isn't looked at."""
    claims = f"[{{'variable': {variable!r}, 'direction': {direction}}}]"
    found = run_model(
        "census.name_claims",
        tables={
            "census.given_names": given(claims, fate=fate),
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


def mentions(run_model, portrait):
    """Return how each variable in a portrait is read, and the verdict."""
    found = run_model(
        "census.name_mentions",
        tables={
            "census.given_names": given(name="X", portrait=portrait),
            "census.variable_words": WORDS,
            "census.cluster_profiles": PROFILE,
        },
    )
    return {row.variable: (row.read_as, row.verdict) for row in found.itertuples()}


@pytest.mark.parametrize(
    ("portrait", "expected"),
    [
        ("Flats line the streets.", ("above", "supported")),
        ("Flats are far more common than elsewhere.", ("above", "supported")),
        ("Few people live in flats.", ("below", "contradicted")),
        ("Flats are rare.", ("below", "contradicted")),
        ("Flats are less common than elsewhere.", ("below", "contradicted")),
        ("Flats are not very common.", ("below", "contradicted")),
        ("There are hardly any flats.", ("below", "contradicted")),
        ("Flats are under-represented.", ("below", "contradicted")),
        ("More or less many flats.", ("unclear", "unclear")),
    ],
)
def test_a_clause_is_read_by_its_words(portrait, expected, run_model):
    assert mentions(run_model, portrait) == {"flat": expected}


def test_clauses_are_read_apart(run_model):
    text = "Flats are common, but few own two cars; professionals live there."
    assert mentions(run_model, text) == {
        "flat": ("above", "supported"),
        "car": ("below", "supported"),
        "pro": ("above", "within 80-120"),
    }


def test_the_words_of_the_variable_itself_tell_nothing(run_model):
    text = "Households with two or more cars live here."
    assert mentions(run_model, text) == {"car": ("above", "contradicted")}


def test_the_name_is_read_too(run_model):
    found = run_model(
        "census.name_mentions",
        tables={
            "census.given_names": given(name="Two-Car Flats"),
            "census.variable_words": WORDS,
            "census.cluster_profiles": PROFILE,
        },
    )
    assert found.set_index("variable")["verdict"].to_dict() == {
        "car": "contradicted",
        "flat": "supported",
    }
