"""The step name_mentions: what texts say, held against index scores and shares."""

import pyarrow as pa
import pytest

from models_py.parts.naming.name_mentions import name_mentions

WORDS = [
    {"variable": "flat", "phrase": "flats", "mention": r"\bflats?\b", "opposite": None},
    {"variable": "semi", "phrase": "semis", "mention": r"\bsemis\b", "opposite": None},
    {
        "variable": "pro",
        "phrase": "experts",
        "mention": r"professionals?",
        "opposite": None,
    },
    {"variable": "odd", "phrase": "odd", "mention": None, "opposite": None},
]
SHARE = {
    "level": "supergroup",
    "cluster": "A",
    "whole": "dwelling",
    "is_commonest": False,
    "overall_share": 30.0,
}
# The region has many semis everywhere; flats are twice as common here as elsewhere.
SHARES = [
    SHARE | {"variable": "semi", "phrase": "semis", "share": 42.0, "place": 1}
    | {"is_commonest": True, "ahead_by": 16.0, "index_score": 104.0}
    | {"direction": "near"},
    SHARE | {"variable": "flat", "phrase": "flats", "share": 26.0, "place": 2}
    | {"ahead_by": -16.0, "index_score": 200.0, "direction": "above"},
    SHARE | {"variable": "pro", "phrase": "professionals", "share": 12.0, "place": None}
    | {"whole": None, "ahead_by": None, "index_score": 60.0, "direction": "below"},
]  # fmt: skip


def verdicts(name, portrait="", fate="kept"):
    """Return the verdict on each variable of a text."""
    given = {"level": "supergroup", "cluster": "A", "fate": fate}
    found = name_mentions(
        pa.Table.from_pylist([given | {"name": name, "portrait": portrait}]),
        pa.Table.from_pylist(WORDS),
        pa.Table.from_pylist(SHARES),
    )
    return dict(
        zip(found["phrase"].to_pylist(), found["verdict"].to_pylist(), strict=True)
    )


def test_a_name_is_true_by_share_where_the_index_says_nothing():
    assert verdicts("Diverse Family Semis") == {"semis": "supported"}


def test_a_name_is_false_to_the_eye_though_the_index_is_high():
    assert verdicts("Bright Flats") == {"flats": "not the commonest"}


def test_two_kinds_of_home_may_stand_together_in_a_name():
    both = {"semis": "supported", "flats": "supported"}
    assert verdicts("Semis and Flats") == both


@pytest.mark.parametrize(
    ("portrait", "expected"),
    [
        ("Flats are more common than across the region.", "supported"),
        ("Flats are fewer than across the region.", "contradicted"),
        ("Flats dominate.", "not the commonest"),
        ("Semis dominate.", "supported"),
        ("Semis are more common than across the region.", "within 80-120"),
        ("Semis are about average.", "supported"),
        ("Professionals are common.", "contradicted"),
        ("There are fewer professionals.", "supported"),
        ("Most are professionals.", "contradicted"),
    ],
)
def test_a_clause_is_held_against_what_it_means(portrait, expected):
    assert list(verdicts("X", portrait).values()) == [expected]


def test_a_name_that_belongs_to_no_cluster_is_not_read():
    assert verdicts("Flats", fate="outlived") == {}
