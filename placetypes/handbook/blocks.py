"""What a handbook is made of; each writer knows how to write these four."""

from pathlib import Path
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading; of level 0 is the title of the whole."""

    text: str
    level: int = 1
    new_page: bool = False


class Words(NamedTuple):
    """A paragraph."""

    text: str


class Picture(NamedTuple):
    """A picture, as large as a width and a height in cm allow."""

    path: Path
    about: str  # for those who can't see it
    width: float = 17
    height: float = 18


class Table(NamedTuple):
    """A table with a header, and the share of the width that each column has."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    widths: tuple[int, ...]


Block = Heading | Words | Picture | Table
