"""Outlines for the page: no gaps, no overlaps, every area in a block of neighbours."""

import numpy as np
import pytest
import shapely

from placetypes.database import connect
from placetypes.report import shapes as module
from placetypes.report.encoding import unpacked
from placetypes.report.shapes import (
    Outlines,
    embed_outlines,
    neighbourhoods,
    read_outlines,
    simplify,
    to_web_mercator,
)


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


def decoded(outlines: np.ndarray, detail: int) -> list[list[np.ndarray]]:
    """Return each area's rings in map units, as page/layer.js does."""
    blocks: list[str] = []
    told = embed_outlines(Outlines([], outlines, is_geographic=True), blocks)
    own = told["details"][detail]
    areas = []
    for place, first, count, *_ in own["blocks"]:
        assert first == len(areas)
        content = unpacked(blocks[place])
        points = np.cumsum(np.reshape(content["steps"], (-1, 2)), axis=0)
        rings = np.split(points, np.cumsum(content["points"])[:-1])
        ends = np.cumsum(content["rings"])
        for end, size in zip(ends, content["rings"], strict=True):
            corner = np.array(told["bounds"][:2])
            areas.append([corner + r * own["step"] for r in rings[end - size : end]])
        assert count == len(content["rings"])
    return areas


def test_simplified_neighbours_have_neither_gaps_nor_overlaps(wiggly):
    simple, _ = simplify(wiggly, 4_000, 10.0)
    assert shapely.get_num_coordinates(simple).sum() <= 4_000
    assert shapely.coverage_is_valid(simple)
    whole = shapely.union_all(simple)
    assert whole.area == pytest.approx(shapely.union_all(wiggly).area, rel=1e-3)
    assert shapely.area(simple).sum() == pytest.approx(whole.area, rel=1e-9)
    assert not shapely.get_num_interior_rings(whole)


def test_a_country_has_no_more_points_than_its_page_can_hold(wiggly, monkeypatch):
    monkeypatch.setattr(module, "MOST_POINTS", 3_000)
    areas = decoded(wiggly, -1)
    assert len(areas) == len(wiggly)
    assert sum(len(ring) for rings in areas for ring in rings) <= 3_000


def test_areas_of_several_neighbourhoods_are_simplified_as_one(wiggly, monkeypatch):
    whole, tolerance = simplify(wiggly, 100_000, 60.0)
    monkeypatch.setattr(module, "AREAS_AT_ONCE", 16)
    assert len(neighbourhoods(wiggly)) == 13
    parts, same = simplify(wiggly, 100_000, 60.0)
    assert tolerance == same == 60.0
    assert shapely.coverage_is_valid(parts)
    assert shapely.equals_exact(
        shapely.normalize(parts), shapely.normalize(whole)
    ).all()


@pytest.mark.parametrize("detail", [0, 1])
def test_rounded_neighbours_still_share_every_border(wiggly, detail, monkeypatch):
    small = module.Detail(points_per_area=20, areas_per_block=32)
    monkeypatch.setattr(module, "FINE", small)
    monkeypatch.setattr(module, "FEW_AREAS", 199)
    areas = decoded(wiggly, detail)
    polygons = [shapely.Polygon(rings[0]) for rings in areas]
    assert len(polygons) == len(wiggly)
    whole = shapely.union_all(polygons, grid_size=1e-6)
    assert shapely.area(polygons).sum() == pytest.approx(whole.area, rel=1e-6)
    assert shapely.union_all(wiggly).area == pytest.approx(whole.area, rel=0.01)


def test_holes_run_the_other_way_and_areas_without_outline_stay_out():
    ring = shapely.box(0, 0, 9, 9) - shapely.box(3, 3, 6, 6)
    areas = decoded(np.array([ring, None], dtype=object), -1)
    assert [len(rings) for rings in areas] == [2]
    outer, hole = areas[0]
    assert shapely.is_ccw(shapely.linearrings(outer)) != shapely.is_ccw(
        shapely.linearrings(hole)
    )


def test_areas_without_any_outline_make_no_block():
    blocks: list[str] = []
    outlines = Outlines(["a"], np.array([None], dtype=object), is_geographic=True)
    assert embed_outlines(outlines, blocks)["details"] == []
    assert blocks == []


def test_neighbours_stand_together_and_what_has_no_outline_comes_last():
    with connect() as connection:
        connection.execute(
            """
            create table squares as
            select 'S' || (37 * i % 100) as area,
                st_makeenvelope(i % 10, i // 10, i % 10 + 1, i // 10 + 1) as geometry
            from range(100) as r(i);
            insert into squares values ('A', st_geomfromtext('POLYGON EMPTY'));
            """
        )
        outlines = read_outlines(connection, "squares")
    assert outlines.areas[-1] == "A"
    assert outlines.shapes[-1] is None
    assert sorted(outlines.areas[:-1]) == sorted(f"S{i}" for i in range(100))
    middles = shapely.get_coordinates(shapely.centroid(outlines.shapes[:-1]))
    side = np.ptp(middles, axis=0).max() / 9
    ways = np.hypot(*np.diff(middles, axis=0).T) / side
    assert np.median(ways) == pytest.approx(1)
    assert ways.mean() < 2


def test_a_place_falls_where_the_basemaps_have_it():
    # From PROJ: cs2cs EPSG:4326 EPSG:3857 of Liverpool Lime Street.
    east, north = to_web_mercator(-2.9775, 53.4076)
    assert east == pytest.approx(-331_453.79, abs=0.1)
    assert north == pytest.approx(mercator_north(53.4076), abs=0.1)


def mercator_north(latitude: float) -> float:
    """Return metres north by another form of the formula."""
    sine = np.sin(np.radians(latitude))
    return 6_378_137 / 2 * np.log((1 + sine) / (1 - sine))
