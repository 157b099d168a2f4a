"""Who lives within reach of a record, as the crow flies, beside SciPy's tree."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

RNG = np.random.default_rng(31)
CENTRES = pd.DataFrame(RNG.random((200, 2)) * 1e4, columns=["x", "y"])
CENTRES.insert(0, "area", [f"E{n:03}" for n in range(200)])
POINTS = pd.DataFrame(RNG.random((30, 2)) * 1e4, columns=["x", "y"])
POINTS.insert(0, "record", range(30))


@pytest.mark.parametrize("km", [0.7, 2.5])
def test_areas_within_reach_equal_scipys(run_model, km):
    found = run_model(
        "records.within_reach",
        {"records.looked_up": POINTS.assign(area="?"), "records.area_centres": CENTRES},
        within_km=km,
    )
    tree = cKDTree(CENTRES[["x", "y"]])
    near = tree.query_ball_point(POINTS[["x", "y"]], 1000 * km)
    wanted = {(r, CENTRES["area"][a]) for r, areas in enumerate(near) for a in areas}
    assert set(zip(found["record"], found["area"], strict=True)) == wanted
    assert found["distance_km"].max() <= km


def test_a_reach_of_0_counts_none(run_model):
    found = run_model(
        "records.within_reach",
        {"records.looked_up": POINTS.assign(area="?"), "records.area_centres": CENTRES},
        within_km=0,
    )
    assert found.empty


@pytest.fixture
def tables():
    """Give three areas, of which two lie near records 1 and 2."""
    return {
        "records.within_reach": [
            {"record": 1, "area": "E1"},
            {"record": 1, "area": "E2"},
            {"record": 2, "area": "E2"},
        ],
        "records.region_areas": [
            {"area": f"E{n}", "base": base}
            for n, base in ((1, 30.0), (2, 10.0), (3, 40.0))
        ],
        "records.classes": [
            {"area": area, "level": 1, "level_name": "x", "class": code}
            for area, code in (("E1", "A"), ("E2", "B"), ("E3", "A"))
        ],
    }


def test_residents_around_each_record_by_class(run_model, tables):
    found = run_model("records.catchments", tables)
    assert found[["record", "class", "base", "share"]].values.tolist() == [
        [1, "A", 30, 75],
        [1, "B", 10, 25],
        [2, "B", 10, 100],
    ]


def test_a_class_within_reach_of_any_record_counts_once(run_model, tables):
    found = run_model("records.reached", tables, within_km=1)
    assert found[["class", "base_reached", "share_reached"]].values.tolist() == [
        ["A", 30, pytest.approx(100 * 30 / 70)],
        ["B", 10, 100],
    ]


@pytest.fixture
def centres(run_model):
    """Give a function from the points inside areas to their centres."""

    def run(points):
        gone = [(2.0, False), (4.0, False), (99.0, True)]
        directory = [
            {"area": "E1", "x": x, "y": 1.0, "is_terminated": is_terminated}
            for x, is_terminated in gone
        ]
        tables = {
            "records.region_areas": [{"area": "E1"}, {"area": "E2"}],
            "records.directory": directory
            if points
            else "select null::double as x, "
            "null::double as y, null::boolean as is_terminated, '' as area limit 0",
            "records.area_points": points
            or "select '' as area, 0.0::double as x, 0.0::double as y limit 0",
        }
        found = run_model("records.area_centres", tables, within_km=1)
        return found.sort_values("area").values.tolist()

    return run


def test_an_areas_centre_is_the_mean_of_its_postcodes_in_use_else_a_point_in_it(
    centres,
):
    points = [{"area": area, "x": 7.0, "y": 8.0} for area in ("E1", "E2")]
    assert centres(points) == [["E1", 3.0, 1.0], ["E2", 7.0, 8.0]]


def test_a_reach_without_any_place_of_areas_is_a_sentence(centres):
    with pytest.raises(duckdb.Error, match="within_km needs to know where areas lie"):
        centres([])


def test_a_record_with_nothing_but_its_area_is_at_its_centre(run_model):
    found = run_model(
        "records.within_reach",
        {
            "records.looked_up": "select 1 as record, 'E007' as area, "
            "null::double as x, null::double as y",
            "records.area_centres": CENTRES,
        },
        within_km=0.001,
    )
    assert found[["area", "distance_km"]].values.tolist() == [["E007", 0]]
