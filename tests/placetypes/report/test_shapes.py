"""Outlines for the page: no gaps, no overlaps, every area in one hexagon."""

import base64

import numpy as np
import pytest
import shapely

from placetypes.report.shapes import (
    encode_outlines,
    hexagons,
    simplify,
    to_web_mercator,
)
from tests.placetypes.report.test_encoding import decoded_varints


@pytest.fixture(scope="module")
def wiggly() -> np.ndarray:
    """Give 200 neighbours with wiggly borders, which fill a square of 60 km."""
    rng = np.random.default_rng(3)
    points = shapely.MultiPoint(rng.uniform(0, 60_000, (200, 2)))
    square = shapely.box(0, 0, 60_000, 60_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square))
    cells = shapely.intersection(cells, square)

    def wiggle(places: np.ndarray) -> np.ndarray:
        from_edge = np.minimum(places, 60_000 - places).min(axis=1, keepdims=True)
        inside = np.clip(from_edge / 500, 0, 1)
        waves = 12 * np.sin(places[:, ::-1] / 53) + 25 * np.sin(places / 211)
        # Both neighbours compute a common corner; rounding makes it the same one.
        return np.round(places + inside * waves, 2)

    wiggly = shapely.transform(shapely.segmentize(cells, 40), wiggle)
    assert shapely.coverage_is_valid(wiggly)
    return wiggly


def decoded(outlines: dict) -> list[list[np.ndarray]]:
    """Return each area's rings in the outlines' own units, as page/decode.js does."""
    stream = iter(decoded_varints(outlines["stream"]))
    areas, place = [], np.zeros(2)
    for rings in stream:
        areas.append([])
        for _ in range(rings):
            points = []
            for _ in range(next(stream)):
                place = place + np.array([next(stream), next(stream)])
                points.append(place)
            areas[-1].append(np.array(points))
    return areas


def test_simplified_neighbours_have_neither_gaps_nor_overlaps(wiggly):
    simple = simplify(wiggly)
    assert shapely.get_num_coordinates(simple).sum() < 0.5 * (
        shapely.get_num_coordinates(wiggly).sum()
    )
    assert shapely.coverage_is_valid(simple)
    whole = shapely.union_all(simple)
    assert whole.area == pytest.approx(shapely.union_all(wiggly).area, rel=1e-3)
    assert shapely.area(simple).sum() == pytest.approx(whole.area, rel=1e-9)
    assert not shapely.get_num_interior_rings(whole)


def test_rounded_neighbours_still_share_every_border(wiggly):
    areas = decoded(encode_outlines(simplify(wiggly), is_geographic=True))
    polygons = [shapely.Polygon(rings[0]) for rings in areas]
    assert len(polygons) == len(wiggly)
    whole = shapely.union_all(polygons)
    assert shapely.area(polygons).sum() == pytest.approx(whole.area, rel=1e-6)
    assert shapely.coverage_is_valid(polygons)


def test_holes_run_the_other_way_and_areas_without_outline_stay_empty():
    ring = shapely.box(0, 0, 9, 9) - shapely.box(3, 3, 6, 6)
    shapes = np.array([ring, None, shapely.MultiPolygon()], dtype=object)
    areas = decoded(encode_outlines(shapes, is_geographic=False))
    assert [len(rings) for rings in areas] == [2, 0, 0]
    outer, hole = areas[0]
    assert shapely.is_ccw(shapely.linearrings(outer)) != shapely.is_ccw(
        shapely.linearrings(hole)
    )


def test_every_area_lies_in_the_hexagon_that_stands_for_it(wiggly):
    shapes = np.array([*wiggly, None], dtype=object)
    place, codes, cells = hexagons(shapes, 60)
    assert 20 < len(codes) <= 60
    assert len(set(codes)) == len(codes) == len(cells)
    assert place[-1] == -1
    points = shapely.point_on_surface(wiggly)
    assert shapely.covers(shapely.buffer(cells[place[:-1]], 0.01), points).all()
    assert shapely.area(cells).sum() == pytest.approx(shapely.union_all(cells).area)


def test_areas_without_any_outline_make_no_hexagon():
    place, codes, cells = hexagons(np.array([None, None], dtype=object), 10)
    assert place.tolist() == [-1, -1]
    assert codes == []
    assert len(cells) == 0


def test_a_place_falls_where_the_basemaps_have_it():
    # From PROJ: cs2cs EPSG:4326 EPSG:3857 of Liverpool Lime Street.
    east, north = to_web_mercator(-2.9775, 53.4076)
    assert east == pytest.approx(-331_453.79, abs=0.1)
    assert north == pytest.approx(mercator_north(53.4076), abs=0.1)


def mercator_north(latitude: float) -> float:
    """Return metres north by another form of the formula."""
    sine = np.sin(np.radians(latitude))
    return 6_378_137 / 2 * np.log((1 + sine) / (1 - sine))


def test_streams_are_base64():
    outlines = encode_outlines(np.array([shapely.box(0, 0, 1, 1)]), is_geographic=False)
    assert base64.b64decode(outlines["stream"])
