"""Reference points on the maps: data/places.csv, or the lab's quoted lines."""

import csv
import re
from pathlib import Path
from typing import Any

from placetypes.errors import PlacetypesError
from placetypes.report.shapes import to_web_mercator

HEADER = ("name", "latitude", "longitude")
# Web Mercator ends there, and so do the basemaps.
MOST_LATITUDE, MOST_LONGITUDE = 85.0, 180.0


def read_places(path: Path) -> list[dict[str, Any]]:
    """Return the places with their metres in Web Mercator; no file means none.

    A line is name, latitude, longitude; the name may stand in quotes, a space may
    follow a comma, a comma may end the line, and # begins a remark.
    """
    if not path.exists():
        return []
    places = []
    lines = path.read_text("utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        text = re.sub(r"[\]),]+$", "", line.strip().lstrip("[("))
        if not text or text.startswith("#"):
            continue
        cells = next(csv.reader([text], skipinitialspace=True))
        cells = [cell.strip() for cell in cells]
        if tuple(cell.lower() for cell in cells) == HEADER:
            continue
        places.append(read_place(cells, f"{path.name}, line {number}"))
    return places


def read_place(cells: list[str], where: str) -> dict[str, Any]:
    """Return one place; raise a sentence where a line isn't one."""
    try:
        name, latitude, longitude = cells[0], float(cells[1]), float(cells[2])
    except (IndexError, ValueError) as error:
        raise PlacetypesError(
            f"{where}: expected a name, a latitude and a longitude, such as "
            f'"Canary Wharf", 51.5054, -0.0235.'
        ) from error
    if not (abs(latitude) <= MOST_LATITUDE and abs(longitude) <= MOST_LONGITUDE):
        raise PlacetypesError(
            f"{where}: latitude {latitude:g}, longitude {longitude:g} is no place on a "
            "map. The latitude comes first."
        )
    east, north = to_web_mercator(longitude, latitude)
    return {"name": name, "x": round(east, 1), "y": round(north, 1)}
