"""Maps without axes, drawn from a table's geometry."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from placetypes.database import Sql

if TYPE_CHECKING:
    import duckdb
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Outline

STEPS = 4_000  # what is smaller than this share of the longer side isn't drawn
DEGREES = (180, 90)  # coordinates within these bounds are longitude and latitude


class AreaShapes(NamedTuple):
    """The outlines of areas, ready to be drawn as often as needed."""

    outlines: "dict[str, Outline]"
    bounds: tuple[float, float, float, float]  # west, south, east, north
    aspect: float  # how much taller a unit is drawn than it is wide

    @property
    def height_to_width(self) -> float:
        """Return the map's height on paper for a width of 1, within reason."""
        west, south, east, north = self.bounds
        ratio = self.aspect * (north - south) / max(east - west, 1e-12)
        return float(np.clip(ratio, 0.3, 2))


def read_shapes(connection: "duckdb.DuckDBPyConnection", table: Sql) -> AreaShapes:
    """Read the areas of a table with the columns area and geometry."""
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
    return AreaShapes(outlines, (west, south, east, north), aspect)


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
