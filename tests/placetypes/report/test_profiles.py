"""What a profile says of where a cluster is, against hand-made areas and NumPy."""

import numpy as np
import pandas as pd
import shapely

from placetypes.report.profiles import SIDE, read_profiles

AREAS = pd.DataFrame(
    {
        "area": ["w1", "w2", "e1", "e2", "none"],
        "use": ["Wood", "Wood", None, "Field", "Field"],
        "district": ["West", "West", "East", "East", "East"],
    }
)
# Four squares beside each other; the fifth area has no outline.
SHAPES = np.array([*(shapely.box(x, 0, x + 1, 1) for x in range(4)), None])
LABELS = {"use": ["Wood", "Field"]}


def test_the_small_map_has_each_area_where_it_is(connection):
    found = read_profiles(connection, {}, SHAPES, AREAS, LABELS, None)
    runs = np.array(found["map"]["runs"]).reshape(-1, 2)
    row = np.repeat(runs[:, 0], runs[:, 1])[:SIDE]
    uses = [found["combinations"][group][0] for group in row]
    quarter = SIDE // 4
    assert uses == ["Wood"] * 2 * quarter + [None] * quarter + ["Field"] * quarter
    assert found["map"]["height"] == quarter


def test_places_have_their_areas_and_all_areas(connection):
    found = read_profiles(connection, {}, SHAPES, AREAS, LABELS, "district")
    assert sorted(found["places"]) == [
        ["use", "Field", "East", 2, 3],
        ["use", "Wood", "West", 2, 2],
    ]


def test_typical_areas_are_those_nearest_to_the_mean(connection):
    points = np.random.default_rng(1).normal(size=(40, 3))
    codes = [f"E{n:02}" for n in range(40)]
    inputs = pd.DataFrame(points, columns=["a", "b", "c"]).assign(area=codes)  # noqa: F841
    connection.execute("create table cluster_inputs as from inputs order by a")
    areas = pd.DataFrame({"area": codes, "use": ["Wood", "Field"] * 20})
    shapes = np.array([None] * 40)
    columns = {"cluster_inputs": {}}
    found = read_profiles(connection, columns, shapes, areas, LABELS, None)
    assert found["map"] is None
    wood = points[::2]
    distances = np.linalg.norm(wood - wood.mean(axis=0), axis=1)
    expected = [codes[::2][place] for place in np.argsort(distances)[:5]]
    typical = [row for row in found["typical"] if row[1] == "Wood"]
    assert [row[2] for row in typical] == expected
    np.testing.assert_allclose(
        [row[3] for row in typical], np.sort(distances)[:5], rtol=1e-5
    )
