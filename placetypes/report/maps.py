"""Maps without axes, drawn from a table's geometry."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from placetypes.colours import INK
from placetypes.database import Sql

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Outline

STEPS = 4_000  # what is smaller than this share of the longer side isn't drawn
MOST_PLACES = 60  # whose names find room on paper
DEGREES = (180, 90)  # coordinates within these bounds are longitude and latitude


class Place(NamedTuple):
    """Where a district lies: its border and a point within for its name."""

    outline: "Outline"
    point: tuple[float, float]


class AreaShapes(NamedTuple):
    """The outlines of areas, ready to be drawn as often as needed."""

    outlines: "dict[str, Outline]"
    bounds: tuple[float, float, float, float]  # west, south, east, north
    aspect: float  # how much taller a unit is drawn than it is wide
    metres: float  # of a unit; 0 for degrees, and where it isn't known
    places: "dict[str, Place]"  # such as districts, where there are several

    @property
    def height_to_width(self) -> float:
        """Return the map's height on paper for a width of 1, within reason."""
        west, south, east, north = self.bounds
        ratio = self.aspect * (north - south) / max(east - west, 1e-12)
        return float(np.clip(ratio, 0.3, 2))


def read_shapes(
    connection: "duckdb.DuckDBPyConnection",
    table: Sql,
    place_of: "pd.Series | None" = None,
) -> AreaShapes:
    """Read the areas of a table with the columns area and geometry.

    `place_of` names the place of each area, whose borders are then drawn.
    """
    import shapely

    rows = connection.execute(
        f"select area, st_aswkb(geometry) from {table} "
        "where not st_isempty(geometry) order by area"
    ).fetchall()
    areas = [row[0] for row in rows]
    # Normalised rings run one way outside and the other way in holes, so holes stay so.
    shapes = shapely.normalize(shapely.from_wkb([bytes(row[1]) for row in rows]))
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    # On paper nobody sees more, and files with every bend are large.
    finest = max(east - west, north - south) / STEPS
    shapes = shapely.normalize(shapely.coverage_simplify(shapes, finest))
    aspect = 1.0
    if (
        max(abs(west), abs(east)) <= DEGREES[0]
        and max(abs(south), abs(north)) <= (DEGREES[1])
    ):
        aspect = 1 / np.cos(np.radians((south + north) / 2))
    outlines = {area: outline(shape) for area, shape in zip(areas, shapes, strict=True)}
    places = {} if place_of is None else read_places(place_of.reindex(areas), shapes)
    bounds = west, south, east, north
    return AreaShapes(
        outlines, bounds, aspect, unit_in_metres(connection, table), places
    )


def unit_in_metres(connection: "duckdb.DuckDBPyConnection", table: Sql) -> float:
    """Return the metres of a unit on a table's map; 0 unless it is projected."""
    import pyproj

    kind = str(connection.sql(f"select geometry from {table}").types[0])
    if not (said := re.fullmatch(r"GEOMETRY\('(.*)'\)", kind, re.DOTALL)):
        return 0.0
    system = pyproj.CRS.from_user_input(said[1].replace("''", "'"))
    axis = system.axis_info[0] if system.is_projected else None
    return axis.unit_conversion_factor if axis else 0.0


def read_places(place_of: "pd.Series", shapes: np.ndarray) -> dict[str, Place]:
    """Return the places that areas make up; none where all lie in one, or too many."""
    import shapely

    names = sorted(place_of.dropna().unique())
    if not 1 < len(names) <= MOST_PLACES:
        return {}
    places = {}
    for name in names:
        whole = shapely.coverage_union_all(shapes[(place_of == name).to_numpy()])
        parts = shapely.get_parts(whole)
        largest = parts[np.argmax(shapely.area(parts))]
        point = shapely.get_coordinates(shapely.point_on_surface(largest))[0]
        places[name] = Place(outline(whole), tuple(point.tolist()))
    return places


def outline(shape: object) -> "Outline":
    """Return a polygon or multipolygon as one path with a part for each ring."""
    import shapely
    from matplotlib.path import Path as Outline

    rings = shapely.get_rings(shapely.get_parts(shape))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes = np.full(len(corners), Outline.LINETO, dtype=Outline.code_type)
    codes[starts] = Outline.MOVETO
    codes[np.append(starts[1:], len(corners)) - 1] = Outline.CLOSEPOLY
    return Outline(corners, codes)


def joined(outlines: "list[Outline]") -> "Outline":
    """Return outlines as one path."""
    from matplotlib.path import Path as Outline

    return Outline(
        np.concatenate([outline.vertices for outline in outlines]),
        np.concatenate([outline.codes for outline in outlines]),
    )


def draw_areas(
    axes: "Axes", shapes: AreaShapes, areas: Sequence[str], colours: Sequence[str]
) -> None:
    """Fill areas with their colours; areas without an outline are passed over.

    Areas of a colour are drawn as one path: thousands would take many times as long.
    """
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline

    outlines: dict[str, list[Outline]] = {}
    for area, colour in zip(areas, colours, strict=True):
        if area in shapes.outlines:
            outlines.setdefault(colour, []).append(shapes.outlines[area])
    axes.add_collection(
        PathCollection(
            [joined(paths) for paths in outlines.values()],
            facecolors=list(outlines),
            # Lines of the areas' own colours close the gaps between neighbours.
            edgecolors=list(outlines),
            linewidths=0.15,
        )
    )
    west, south, east, north = shapes.bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.margins(0.02)
    axes.set_aspect(shapes.aspect)
    axes.set_axis_off()
    draw_places(axes, shapes)
    if shapes.metres:
        draw_scale(axes, shapes)


def draw_places(axes: "Axes", shapes: AreaShapes) -> None:
    """Draw the borders and names of the districts."""
    from matplotlib.collections import PathCollection

    axes.add_collection(
        PathCollection(
            [place.outline for place in shapes.places.values()],
            facecolors="none",
            edgecolors=INK,
            linewidths=0.7,
        )
    )
    for name, place in shapes.places.items():
        axes.text(
            *place.point,
            name,
            ha="center",
            va="center",
            fontsize=7.5,
            color=INK,
            # An outline of the letters would make paths of them in an SVG.
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.8},
            clip_on=True,
        )


def draw_scale(axes: "Axes", shapes: AreaShapes) -> None:
    """Draw a bar of a round length, about a fifth of the map, below it on the left."""
    west, south, east, north = shapes.bounds
    length = round_length((east - west) * shapes.metres / 4)
    below = south - (north - south) * 0.02
    ends = [west, west + length / shapes.metres]
    axes.set_ylim(below - (north - south) * 0.01, north)
    axes.plot(ends, [below, below], color=INK, linewidth=2.5, solid_capstyle="butt")
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(
        words,
        (ends[1], below),
        (4, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK,
    )


def round_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, … that is at most so long."""
    power = 10 ** np.floor(np.log10(most))
    return float(max(step for step in (1, 2, 5) if step * power <= most) * power)
