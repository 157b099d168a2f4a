"""One colour for a cluster, wherever it is drawn."""

import pytest

from placetypes.colours import (
    SCHEMES,
    category_colours,
    cluster_colours,
    ink_on,
    parts,
    place_of,
    shade,
    subgroup_colours,
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_letter_has_the_colour_of_its_place_whoever_else_is_there(scheme):
    all_ten = cluster_colours("ABCDEFGHIJ", scheme)
    assert [all_ten[letter] for letter in "ABCDEFGHIJ"] == list(SCHEMES[scheme])
    assert cluster_colours("CJ", scheme) == {"C": all_ten["C"], "J": all_ten["J"]}


def test_letters_go_on_after_z():
    assert [place_of(letter) for letter in ("A", "Z", "AA", "AB")] == [0, 25, 26, 27]


def test_after_ten_the_colours_are_others():
    colours = cluster_colours([chr(ord("A") + place) for place in range(26)])
    assert len(set(colours.values())) == 26


def test_subgroups_have_shades_that_darken():
    colours = subgroup_colours(["A1", "A2", "A3", "B1"])
    brightness = [sum(parts(colours[name])) for name in ("A1", "A2", "A3")]
    assert brightness == sorted(brightness, reverse=True)
    assert len(set(brightness)) == 3
    assert colours["B1"] == cluster_colours("B")["B"]


def test_an_only_subgroup_has_its_supergroups_colour():
    assert shade("#112233", 1, 1) == "#112233"


def test_supergroups_and_subgroups_can_be_asked_for_together():
    colours = category_colours(["A", "A1", "A2"])
    assert set(colours) == {"A", "A1", "A2"}


def test_ink_is_read_on_pale_and_dark():
    assert ink_on("#ffffb3") == "#222222"
    assert ink_on("#235477") == "#ffffff"
