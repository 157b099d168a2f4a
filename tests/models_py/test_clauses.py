"""What a clause says of the variables that it mentions."""

import pytest

from models_py.clauses import (
    FEW,
    FEWER,
    MANY,
    MORE,
    MOST,
    NEAR,
    THERE,
    UNCLEAR,
    compile_words,
    read_statements,
)

WORDS = [
    compile_words("flat", r"\bflats?\b", None),
    compile_words("row", r"\bterraces?\b", None),
    compile_words("car", r"two (or more )?cars|two-car", r"no car|car-free"),
    compile_words("ill", r"bad health", r"good health|healthy"),
]


def read(text):
    """Return what is said of each variable."""
    return [(said.variable, said.read_as) for said in read_statements(text, WORDS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Flats line the streets.", THERE),
        ("Flats are far more common than elsewhere.", MORE),
        ("Few people live in flats.", FEW),
        ("Flats are rare.", FEW),
        ("Flats are less common than elsewhere.", FEWER),
        ("Flats are not very common.", FEWER),
        ("Flats are not uncommon.", MORE),
        ("There are hardly any flats.", FEW),
        ("Flats are much rarer.", FEWER),
        ("Flats are under-represented.", FEWER),
        ("Flats dominate.", MOST),
        ("Most homes are flats.", MOST),
        ("Flats are the commonest homes.", MOST),
        ("There are many flats.", MANY),
        ("Flats are close to the average.", NEAR),
        ("Beside the cluster most like it, there are more flats.", UNCLEAR),
        ("Where flats dominate the region, they are a minority here.", UNCLEAR),
        ("Flats, above all new ones, are rare.", FEW),
        ("Flats are heavily under-represented.", FEWER),
        ("What counts is flats, not gardens.", UNCLEAR),
        ("There is little sign of large numbers of flats.", UNCLEAR),
        ("Flats hold sway.", MOST),
        ("Flats are a hallmark of the place.", MANY),
        ("Flats are disproportionately found here.", MORE),
        ("Flats play a smaller part than elsewhere.", FEWER),
    ],
)
def test_one_mention_has_the_sign_before_it_or_behind_a_verb(text, expected):
    assert read(text) == [("flat", expected)]


@pytest.mark.parametrize(
    ("text", "flats", "terraces"),
    [
        ("Flats and terraces are rarer.", FEWER, FEWER),
        ("There are more flats and terraces.", MORE, MORE),
        ("There are more flats, and terraces are rarer.", MORE, FEWER),
        ("More flats and fewer terraces.", MORE, FEWER),
        ("Flats are more common, while terraces are rarer.", MORE, FEWER),
        (
            "Higher shares of flats are matched by lower shares of terraces.",
            MORE,
            FEWER,
        ),
        ("Flats in higher numbers, and terraces in lower numbers.", MORE, FEWER),
        ("Flats are rarer; so are terraces.", FEWER, FEWER),
        ("Flats rather than terraces.", THERE, FEW),
        # What the grammar leaves open.
        ("Flats, and levels of terraces below the average.", UNCLEAR, FEWER),
        ("Flats exceed the average, terraces fall behind it.", MORE, UNCLEAR),
    ],
)
def test_each_of_two_mentions_has_its_own_sign(text, flats, terraces):
    assert read(text) == [("flat", flats), ("row", terraces)]


def test_the_words_of_a_variable_itself_are_no_signs():
    words = [compile_words("idle", "students who do not work", None), *WORDS]
    found = read_statements("Students who do not work and flats are rarer.", words)
    assert [said.read_as for said in found] == [FEWER, FEWER]
    assert read("Households with two or more cars live here.") == [("car", THERE)]


def test_what_is_said_of_others_is_not_said_of_a_variable():
    words = [compile_words("white", r"\bwhite\b", None)]
    assert read_statements("Non-White residents are more common.", words) == []


def test_the_opposite_turns_the_sign_about():
    assert read("More people are in good health.") == [("ill", FEWER)]
    assert read("It is a healthy place.") == [("ill", FEW)]


def test_a_pattern_that_is_none_is_named():
    with pytest.raises(ValueError, match="mention or opposite of variable flat"):
        compile_words("flat", "(flats", None)
