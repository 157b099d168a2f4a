"""The outlines of areas as the page embeds them: simplified together, without gaps."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from placetypes.database import is_geometry, quoted_table, table_columns
from placetypes.report.encoding import varints

if TYPE_CHECKING:
    import duckdb

WEB_MERCATOR = "EPSG:3857"  # what the basemaps are drawn in
EARTH_RADIUS = 6_378_137.0  # metres, of Web Mercator's sphere
FINEST = 10.0  # metres: triangles smaller than its square are cut off
POINTS_PER_AREA = 40
MOST_POINTS = 800_000
GRID_STEPS = 60_000  # coordinates are rounded to this share of the map's longer side


class Outlines(NamedTuple):
    """Areas' outlines in the order of their codes; None where an area has none."""

    areas: list[str]
    shapes: np.ndarray  # of shapely geometries
    is_geographic: bool  # whether they are in Web Mercator, so that basemaps fit


def read_outlines(connection: "duckdb.DuckDBPyConnection", table: str) -> Outlines:
    """Read a table's areas; in Web Mercator where the coordinate system is known."""
    import shapely

    kind = next(k for k in table_columns(connection, table).values() if is_geometry(k))
    is_geographic = kind != "GEOMETRY"
    geometry = (
        f"st_transform(geometry, '{WEB_MERCATOR}')" if is_geographic else "geometry"
    )
    rows = connection.execute(
        f"""
        select area, case when not st_isempty(geometry) then st_aswkb({geometry}) end
        from {quoted_table(table)} order by area
        """
    ).fetchall()
    shapes = shapely.from_wkb([row[1] and bytes(row[1]) for row in rows])
    return Outlines([row[0] for row in rows], shapes, is_geographic)


def simplify(shapes: np.ndarray) -> np.ndarray:
    """Simplify all outlines as one coverage: neighbours keep their common border.

    The coarser, the more points there are: the page stays small and quick.
    """
    import shapely

    there = ~shapely.is_missing(shapes)
    if not there.any():
        return shapes
    budget = min(MOST_POINTS, max(POINTS_PER_AREA * int(there.sum()), 10_000))
    west, south, east, north = shapely.total_bounds(shapes[there])
    # Coordinates without a known unit may be degrees: nothing may be lost there.
    tolerance = min(FINEST, max(east - west, north - south) / 5_000)
    result = shapes.copy()
    for _ in range(12):
        result[there] = shapely.coverage_simplify(shapes[there], tolerance)
        if shapely.get_num_coordinates(result).sum() <= budget:
            break
        tolerance *= 2
    return result


def encode_outlines(shapes: np.ndarray, is_geographic: bool) -> dict[str, Any]:
    """Encode outlines: whole steps of a grid, each point as its way from the last.

    The stream holds for each area the number of its rings, for each ring the number of
    its points, and for each point its steps east and north from the point before.
    """
    import shapely

    there = ~shapely.is_missing(shapes)
    west, south, east, north = (
        map(float, shapely.total_bounds(shapes[there])) if there.any() else [0.0] * 4
    )
    step = max(east - west, north - south) / GRID_STEPS or 1.0
    # Normalised rings run one way outside and the other way in holes: holes stay so.
    points, ring_of, shape_of = grid_rings(shapely.normalize(shapes), west, south, step)
    return {
        "west": west,
        "south": south,
        "width": east - west,
        "height": north - south,
        "step": step,
        "is_geographic": is_geographic,
        "stream": varints(outline_stream(points, ring_of, shape_of, len(shapes))),
    }


def grid_rings(
    shapes: np.ndarray, west: float, south: float, step: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the points of the shapes' rings in steps of the grid.

    Gives points (p, 2), the number of each one's ring (p,), and the number of each
    ring's shape (r,). Points that fall together are one; rings go without their closing
    point, and those that are left with less than three points are left out.
    """
    import shapely

    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of = shapely.get_coordinates(rings, return_index=True)
    points = np.round((coordinates - [west, south]) / step).astype(np.int64)
    is_first = np.diff(ring_of, prepend=-1) != 0
    moved = is_first | np.any(np.diff(points, axis=0, prepend=points[:1]) != 0, axis=1)
    points, ring_of = points[moved], ring_of[moved]
    ends = np.flatnonzero(np.diff(ring_of, append=-1))
    starts = np.flatnonzero(np.diff(ring_of, prepend=-1))
    closes = (ends > starts) & np.all(points[ends] == points[starts], axis=1)
    kept = np.ones(len(points), dtype=bool)
    kept[ends[closes]] = False
    large = np.bincount(ring_of[kept], minlength=len(rings)) >= 3
    kept &= large[ring_of]
    number = np.cumsum(large) - 1
    shape_of = shape_of_part[part_of_ring][large]
    return points[kept], number[ring_of[kept]], shape_of


def outline_stream(
    points: np.ndarray, ring_of: np.ndarray, shape_of: np.ndarray, shapes: int
) -> np.ndarray:
    """Put what `grid_rings` returns, of so many shapes, into one row of numbers."""
    sizes = np.bincount(ring_of, minlength=len(shape_of))
    rings = np.bincount(shape_of, minlength=shapes)
    stream = np.zeros(shapes + len(shape_of) + 2 * len(points), dtype=np.int64)
    # Before a number stand those of the shapes, rings and points that come before it.
    rings_before = np.concatenate([[0], np.cumsum(rings)])[:shapes]
    points_before = np.concatenate([[0], np.cumsum(sizes)])
    at_ring = shape_of + 1 + np.arange(len(shape_of)) + 2 * points_before[:-1]
    at_point = shape_of[ring_of] + ring_of + 2 + 2 * np.arange(len(points))
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    stream[np.arange(shapes) + rings_before + 2 * points_before[rings_before]] = rings
    stream[at_ring] = sizes
    stream[at_point], stream[at_point + 1] = steps.T
    return stream


def hexagons(shapes: np.ndarray, most: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Gather areas into at most about `most` hexagons by a point on their surface.

    Returns each area's hexagon (-1 without an outline), the hexagons' codes and shapes.
    """
    import shapely

    there = ~shapely.is_missing(shapes)
    if not there.any():
        return np.full(len(shapes), -1), [], shapes[:0]
    points = shapely.get_coordinates(shapely.point_on_surface(shapes[there]))
    # A third of a region's bounding box is a usual share of land; refined below.
    width = np.sqrt(np.prod(np.ptp(points, axis=0)) / most) / 2
    while True:
        cells = hexagon_of(points, width)
        unique, member = np.unique(cells, axis=0, return_inverse=True)
        if len(unique) <= most:
            break
        width *= 1.15
    place = np.full(len(shapes), -1)
    place[there] = member.ravel()
    codes = [f"hexagon {column}/{row}" for column, row in unique.tolist()]
    return place, codes, np.array([hexagon(*cell, width) for cell in unique.tolist()])


def hexagon_of(points: np.ndarray, width: float) -> np.ndarray:
    """Return the column and row of the pointy-topped hexagon that holds each point.

    Columns count half widths, so that every corner falls on the same grid.
    """
    height = width * 2 / np.sqrt(3)
    x, y = points[:, 0] / width, points[:, 1] / (height * 0.75)
    candidates = []
    for row in (np.floor(y), np.floor(y) + 1):
        shift = np.mod(row, 2) / 2
        column = np.round(x - shift) + shift
        away = (x - column) ** 2 * width**2 + ((y - row) * height * 0.75) ** 2
        candidates.append((2 * column, row, away))
    (column_a, row_a, away_a), (column_b, row_b, away_b) = candidates
    nearer = away_a <= away_b
    cells = np.column_stack(
        [np.where(nearer, column_a, column_b), np.where(nearer, row_a, row_b)]
    )
    return cells.astype(np.int64)


def hexagon(column: int, row: int, width: float) -> object:
    """Return the polygon of a hexagon, its corners computed alike by all neighbours."""
    import shapely

    quarter = width * 2 / np.sqrt(3) / 4
    corners = [(0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1)]
    return shapely.Polygon(
        [
            ((column + right) * width / 2, (3 * row + up) * quarter)
            for right, up in corners
        ]
    )


def to_web_mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place's metres east and north in Web Mercator."""
    east = EARTH_RADIUS * np.radians(longitude)
    north = EARTH_RADIUS * np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2))
    return float(east), float(north)
