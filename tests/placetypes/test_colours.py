"""One colour for a cluster, wherever it is drawn."""

import re
from pathlib import Path

import pytest
from coloraide import Color

from placetypes.colours import (
    DEFAULT_SCHEME,
    DIVERGING_STEPS,
    INDEX_STEPS,
    RAMPS,
    SCHEMES,
    category_colours,
    cluster_colours,
    ink_on,
    luminance,
    parts,
    place_of,
    ramp_steps,
    shade,
    subgroup_colours,
)

ROOT = Path(__file__).parents[2]


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
    assert ink_on("#ffffb3") == "#000000"
    assert ink_on("#235477") == "#ffffff"


@pytest.mark.parametrize("vision", [None, "deutan", "protan"])
def test_the_default_colours_differ_from_each_other_and_from_what_lies_behind(vision):
    css = (ROOT / "placetypes/report/page/page.css").read_text("utf-8")
    behind = re.findall(r"--(?:paper|plot|faint-area): (#\w{6})", css)
    assert len(set(behind)) == 6  # three in the light, three in the dark
    seen = {
        name: Color(name).filter(vision) if vision else Color(name)
        for name in (*SCHEMES[DEFAULT_SCHEME], *behind)
    }
    for place, one in enumerate(SCHEMES[DEFAULT_SCHEME]):
        for other in (*SCHEMES[DEFAULT_SCHEME][:place], *behind):
            assert seen[one].delta_e(seen[other], method="2000") >= 12, (one, other)


@pytest.mark.parametrize(
    "steps", [INDEX_STEPS, DIVERGING_STEPS, *map(ramp_steps, RAMPS), *SCHEMES.values()]
)
def test_what_is_written_on_a_colour_has_contrast(steps):
    for colour in steps:
        assert Color(colour).contrast(ink_on(colour), method="wcag21") >= 4.5


def test_a_ramp_can_be_turned_round():
    assert ramp_steps("YlOrRd_r") == ramp_steps("YlOrRd")[::-1]
    # The first decile of deprivation, the most deprived, is the darkest.
    assert luminance(ramp_steps("YlOrRd_r")[0]) < luminance(ramp_steps("YlOrRd_r")[-1])
