"""Every colour that a figure, a map or a style file uses, in one place.

The same colour means the same cluster everywhere: A has the first of the scheme, B the
second, and so on; a subgroup has a shade of its supergroup's colour.
"""

import re
from collections.abc import Iterable

# The ten of the workshop "Creating Cutting-Edge Geodemographic Classifications from
# Scratch in Python", in its order: ColorBrewer's Set3 with a darker F.
WORKSHOP = (
    "#8dd3c7",
    "#ffffb3",
    "#bebada",
    "#fb8072",
    "#fdb462",
    "#235477",
    "#fccde5",
    "#d9d9d9",
    "#bc80bd",
    "#ccebc5",
)
# Ten colours that people with any kind of colour vision tell apart.
# Source: Petroff (2021), Accessible color sequences for data visualization,
# arXiv:2107.02270.
QUALITATIVE = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
# Ten whose members differ from each other, and from what lies behind them in the light
# and the dark page, by a CIEDE2000 of 12 or more, for people with full colour vision,
# deuteranopia and protanopia (tests/placetypes/test_colours.py measures it).
DISTINCT = (
    "#44aa99",
    "#e76300",
    "#4c34bc",
    "#ffd92f",
    "#9467bd",
    "#66ccee",
    "#bd1f01",
    "#e5c494",
    "#a96b59",
    "#3a7178",
)
SCHEMES = {
    "distinct": DISTINCT,
    "workshop": WORKSHOP,
    "colour_blind_safe": QUALITATIVE,
}
DEFAULT_SCHEME = "distinct"

# Ramps from low to high, by matplotlib's names; `_r` after a name turns it round.
RAMPS = {
    "YlGnBu": "#ffffcc #c7e9b4 #7fcdbb #41b6c4 #1d91c0 #225ea8 #0c2c84",
    "YlOrRd": "#ffffb2 #fed976 #feb24c #fd8d3c #fc4e2a #e31a1c #b10026",
    "Blues": "#eff3ff #c6dbef #9ecae1 #6baed6 #4292c6 #2171b5 #084594",
    "viridis": "#440154 #443983 #31688e #21918c #35b779 #90d743 #fde725",
    "cividis": "#00224e #2a3f6d #575d6d #7d7c78 #a59c74 #d2c060 #fee838",
}
DEFAULT_RAMP = "YlGnBu"
SEQUENTIAL = DEFAULT_RAMP  # of shares, such as a confusion matrix's
# Index scores from 0 over 100, the average, to 200 and more: blue below, orange above.
INDEX_STEPS = (
    "#2166ac",
    "#67a9cf",
    "#d1e5f0",
    "#f7f7f7",
    "#fee0b6",
    "#f1a340",
    "#b35806",
)
# Correlation from -1 to 1: ColorBrewer's PuOr, which the colour-blind can read.
DIVERGING = "PuOr_r"
DIVERGING_STEPS = (
    "#542788",
    "#998ec3",
    "#d8daeb",
    "#f7f7f7",
    "#fee0b6",
    "#f1a340",
    "#b35806",
)
EVEN_LUMINANCE = 0.179  # black and white contrast alike with it
INK = "#222222"
FAINT = "#8a8a8a"
GRID = "#e3e3e3"
NO_VALUE = "#f0f0f0"


def ramp_steps(name: str) -> tuple[str, ...]:
    """Return a ramp's colours from low to high; a name with `_r` is turned round."""
    steps = tuple(RAMPS[name.removesuffix("_r")].split())
    return steps[::-1] if name.endswith("_r") else steps


def cluster_colours(
    clusters: Iterable[str], scheme: str = DEFAULT_SCHEME
) -> dict[str, str]:
    """Return a colour for each cluster letter, A always having the first.

    After ten the colours come again, each time lighter.
    """
    return {
        letter: colour_of(place_of(letter), SCHEMES[scheme])
        for letter in dict.fromkeys(clusters)
    }


def subgroup_colours(
    subgroups: Iterable[str], scheme: str = DEFAULT_SCHEME
) -> dict[str, str]:
    """Return a shade of the supergroup's colour for each subgroup such as A2."""
    numbers: dict[str, list[int]] = {}
    for letter, number in map(split_subgroup, dict.fromkeys(subgroups)):
        numbers.setdefault(letter, []).append(number)
    return {
        f"{letter}{number}": shade(
            colour_of(place_of(letter), SCHEMES[scheme]), number, max(group)
        )
        for letter, group in numbers.items()
        for number in group
    }


def split_subgroup(subgroup: str) -> tuple[str, int]:
    """Split A2 into A and 2."""
    letter, number = re.fullmatch(r"([A-Z]+)(\d+)", subgroup).groups()
    return letter, int(number)


def place_of(letter: str) -> int:
    """Return the place of a letter, from 0: A 0, Z 25, AA 26."""
    place = 0
    for character in letter:
        place = place * 26 + ord(character) - ord("A") + 1
    return place - 1


def colour_of(place: int, colours: tuple[str, ...] = DISTINCT) -> str:
    """Return the colour of a place in the order, from 0."""
    turn, index = divmod(place, len(colours))
    return lighter(colours[index], 1 - 0.55**turn)


def shade(colour: str, number: int, most: int) -> str:
    """Return the shade of subgroup `number` of `most`: from a little light to dark."""
    if most == 1:
        return colour
    step = (number - 1) / (most - 1)
    return darker(lighter(colour, 0.25 * (1 - step)), 0.45 * step)


def lighter(colour: str, share: float) -> str:
    """Mix a colour such as #3f90da with a share of white, 0 to 1."""
    return mix(colour, 255, share)


def darker(colour: str, share: float) -> str:
    """Mix a colour such as #3f90da with a share of black, 0 to 1."""
    return mix(colour, 0, share)


def mix(colour: str, other: int, share: float) -> str:
    """Mix a colour with a share of a grey, 0 (black) to 255 (white)."""
    mixed = [round(part + (other - part) * share) for part in parts(colour)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def ink_on(colour: str) -> str:
    """Return black or white, whichever has the better contrast (at least 4.5)."""
    return "#000000" if luminance(colour) > EVEN_LUMINANCE else "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (part / 255 for part in parts(colour))
    ]
    return sum(
        weight * part
        for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def parts(colour: str) -> list[int]:
    """Return red, green and blue, 0 to 255 each."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def category_colours(
    labels: Iterable[str], scheme: str = DEFAULT_SCHEME
) -> dict[str, str]:
    """Return the colours of clusters such as A and of subgroups such as A2.

    Where clusters bear other labels, they get the colours in their order.
    """
    names = list(dict.fromkeys(labels))
    if not all(re.fullmatch(r"[A-Z]{1,2}\d*", name) for name in names):
        return {
            name: colour_of(place, SCHEMES[scheme]) for place, name in enumerate(names)
        }
    letters = [name for name in names if name.isalpha()]
    return {
        **cluster_colours(letters, scheme),
        **subgroup_colours([name for name in names if name not in letters], scheme),
    }
