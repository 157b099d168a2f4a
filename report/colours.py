"""Every colour that a figure uses, in one place."""

from collections.abc import Iterable

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
SEQUENTIAL = "YlGnBu"  # matplotlib's name for classes from low to high
INK = "#222222"
FAINT = "#8a8a8a"
GRID = "#e3e3e3"
NO_VALUE = "#f0f0f0"


def cluster_colours(clusters: Iterable[str]) -> dict[str, str]:
    """Return a colour for each cluster letter, A always having the first.

    After ten the colours come again, each time lighter.
    """
    ordered = sorted(set(clusters), key=lambda letter: (len(letter), letter))
    return {letter: colour_of(place) for place, letter in enumerate(ordered)}


def colour_of(place: int) -> str:
    """Return the colour of a place in the order, from 0."""
    turn, index = divmod(place, len(QUALITATIVE))
    return lighter(QUALITATIVE[index], 1 - 0.55**turn)


def lighter(colour: str, share: float) -> str:
    """Mix a colour such as #3f90da with a share of white, 0 to 1."""
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    mixed = [round(part + (255 - part) * share) for part in parts]
    return "#" + "".join(f"{part:02x}" for part in mixed)
