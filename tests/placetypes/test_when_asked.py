"""when_asked.py: a value is made when it is first asked for, and once."""

import pytest

from placetypes.when_asked import WhenAsked


def test_values_are_made_when_they_are_asked_for_and_once():
    made = []
    lengths = WhenAsked(["one", "three"], lambda word: made.append(word) or len(word))
    assert (list(lengths), len(lengths), made) == (["one", "three"], 2, [])
    assert [lengths["three"], lengths["three"]] == [5, 5]
    assert made == ["three"]
    assert dict(lengths) == {"one": 3, "three": 5}


def test_what_is_not_among_the_keys_is_never_made():
    lengths = WhenAsked(["one"], len)
    assert "two" not in lengths
    with pytest.raises(KeyError, match="two"):
        lengths["two"]
