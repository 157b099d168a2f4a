"""The outlines of areas as the page embeds them: whole areas, in blocks of neighbours.

The areas stand in the order of a Hilbert curve, so that neighbours stand together. A
degree of detail, of which many areas have two, is simplified as one coverage
(neighbours keep their common border) and cut into blocks that the page opens where it
needs them.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from placetypes.database import is_geometry, quoted_table, table_columns
from placetypes.report.encoding import put

if TYPE_CHECKING:
    import duckdb

WEB_MERCATOR = "EPSG:3857"  # what the basemaps are drawn in
EARTH_RADIUS = 6_378_137.0  # metres, of Web Mercator's sphere
FINEST = 10.0  # metres: triangles smaller than its square are cut off
MOST_POINTS = 4_000_000  # of one degree of detail: a country's page stays below 60 MB
AREAS_AT_ONCE = 4_096  # simplified together
SAMPLE = 4  # groups of areas on which the tolerance is found,
LOOKED_AT = 256  # and so many areas of each
SIDE = 200_000.0  # metres of the square in which maps of an unknown unit are drawn


class Detail(NamedTuple):
    """One degree of detail of all outlines."""

    points_per_area: int  # at most, on average
    areas_per_block: int


COARSE = Detail(points_per_area=8, areas_per_block=4_096)
FINE = Detail(points_per_area=40, areas_per_block=512)
FEW_AREAS = 20_000  # which are drawn at once without a coarser degree


class Outlines(NamedTuple):
    """Areas' outlines along a Hilbert curve; those without come last, as None."""

    areas: list[str]
    shapes: np.ndarray  # of shapely geometries, in Web Mercator or a square like it
    is_geographic: bool  # whether they are where the basemaps have them


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
        with shapes as (
            select area, case when not st_isempty(geometry) then {geometry} end as shape
            from {quoted_table(table)}
        ),

        bounds as (select st_extent(st_extent_agg(shape))::box_2d as box from shapes)

        select area, st_aswkb(shape)
        from shapes cross join bounds
        order by st_hilbert(shape, box) nulls last, area
        """
    ).fetchall()
    shapes = shapely.from_wkb([row[1] and bytes(row[1]) for row in rows])
    shapes = shapes if is_geographic else in_square(shapes)
    return Outlines([row[0] for row in rows], shapes, is_geographic)


def in_square(shapes: np.ndarray) -> np.ndarray:
    """Move shapes of an unknown unit into a square around 0/0, as maps draw them."""
    import shapely

    there = ~shapely.is_missing(shapes)
    if not there.any():
        return shapes
    west, south, east, north = shapely.total_bounds(shapes[there])
    middle = np.array([west + east, south + north]) / 2
    factor = SIDE / (max(east - west, north - south) or 1)
    return shapely.transform(shapes, lambda points: (points - middle) * factor)


def simplify(shapes: np.ndarray, most: int, finest: float) -> tuple[np.ndarray, float]:
    """Simplify all outlines as one coverage to about so many points at most.

    Returns the shapes and the tolerance in metres, at least `finest`: triangles smaller
    than its square are gone. It is found on a sample of the neighbourhoods.
    """
    import shapely

    groups = neighbourhoods(shapes)
    sample = [
        shapes[own[:LOOKED_AT]] for own, _ in groups[:: -(-len(groups) // SAMPLE)]
    ]
    share = sum(map(len, sample)) / len(shapes)
    tolerance = finest
    while sum(count_points(group, tolerance) for group in sample) > most * share:
        tolerance *= 1.5
    result = shapes.copy()

    def simplify_group(own: np.ndarray, around: np.ndarray) -> None:
        simple = shapely.coverage_simplify(shapes[around], tolerance)
        result[own] = simple[np.searchsorted(around, own)]

    # GEOS works outside Python's lock.
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(simplify_group, *group) for group in groups]:
            done.result()
    return result, tolerance


def count_points(shapes: np.ndarray, tolerance: float) -> int:
    """Return how many points are left of shapes, simplified."""
    import shapely

    simple = shapely.coverage_simplify(shapes, tolerance)
    return int(shapely.get_num_coordinates(simple).sum())


def neighbourhoods(shapes: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return groups of areas, each with the same areas and all that touch them, sorted.

    A coverage takes more than twice the time for twice the areas. Where an area's
    border ends is told by those that touch it: so it is simplified alike everywhere.
    """
    import shapely

    touching_of = shapely.STRtree(shapes).query
    found = []
    for start in range(0, len(shapes), AREAS_AT_ONCE):
        own = np.arange(start, min(start + AREAS_AT_ONCE, len(shapes)))
        touching = touching_of(shapes[own])[1]
        found.append((own, np.union1d(own, touching)))
    return found


def embed_outlines(outlines: Outlines, blocks: list[str]) -> dict[str, Any]:
    """Add the outlines' blocks in each degree of detail; return what tells of them.

    `middles` are those of the areas' boxes, `details` the coarsest first: tolerance,
    the grid's `step` in metres from `west` and `south`, and for each block its place,
    its first area, their number and its bounds.
    """
    import shapely

    count = int((~shapely.is_missing(outlines.shapes)).sum())
    shapes = outlines.shapes[:count]
    if not count:
        return {"bounds": [0, 0, 1, 1], "is_geographic": False, "details": []}
    bounds = [float(edge) for edge in shapely.total_bounds(shapes)]
    finest = min(FINEST, max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 5_000)
    details = []
    degrees = [(FINE, finest), (COARSE, 4 * finest)]
    for detail, least in degrees[: 1 if count <= FEW_AREAS else 2]:
        most = max(min(detail.points_per_area * count, MOST_POINTS), 2_000)
        shapes, tolerance = simplify(shapes, most, least)
        details.insert(0, embed_detail(shapes, detail, tolerance, bounds, blocks))
    boxes = shapely.bounds(shapes)
    middles = np.round((boxes[:, :2] + boxes[:, 2:]) / 2).astype(np.int64)
    return {
        "bounds": bounds,
        "is_geographic": outlines.is_geographic,
        "details": details,
        "middles": put(blocks, np.diff(middles, axis=0, prepend=0).ravel().tolist()),
    }


def embed_detail(
    shapes: np.ndarray,
    detail: Detail,
    tolerance: float,
    bounds: list[float],
    blocks: list[str],
) -> dict[str, Any]:
    """Add the blocks of one degree of detail, on a grid of a quarter tolerance."""
    import shapely

    step = tolerance / 4
    # Normalised rings run one way outside and the other way in holes: holes stay so.
    shapes = shapely.normalize(shapes)
    found = []
    for start in range(0, len(shapes), detail.areas_per_block):
        own = shapes[start : start + detail.areas_per_block]
        points, ring_of, shape_of = grid_rings(own, bounds[0], bounds[1], step)
        steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
        content = {
            "rings": np.bincount(shape_of, minlength=len(own)).tolist(),
            "points": np.bincount(ring_of, minlength=len(shape_of)).tolist(),
            "steps": steps.ravel().tolist(),
        }
        box = [round(float(edge), 1) for edge in shapely.total_bounds(own)]
        found.append([put(blocks, content), start, len(own), *box])
    return {"tolerance": tolerance, "step": step, "blocks": found}


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


def to_web_mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place's metres east and north in Web Mercator."""
    east = EARTH_RADIUS * np.radians(longitude)
    north = EARTH_RADIUS * np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2))
    return float(east), float(north)
