"""Scores of a small model by hand, and of a random one against NumPy."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.sql.scored.conftest import small_model

AREAS = pd.DataFrame(
    {"OA": ["E1", "E2", "E3"], "v01": [1.0, 3.0, 9.0], "v02": [2.0, 2.0, 8.0]}
)


def test_three_areas_go_down_to_their_nearest_class(score):
    found = score(AREAS).set_index(["area", "level"])
    assert list(found.loc["E1", "class"]) == ["A", "A1"]
    assert list(found.loc["E2", "class"]) == ["A", "A2"]
    assert list(found.loc["E3", "class"]) == ["B", "B1"]
    # On A1's centroid: no distance, and a margin of 1, where the curve ends.
    assert found.loc[("E1", 2), "distance"] == 0
    assert found.loc[("E1", 2), "margin"] == 1
    assert found.loc[("E1", 2), "class_name"] == "Class A1"


def test_a_class_without_siblings_is_as_sure_as_the_one_above(score):
    found = score(AREAS).set_index(["area", "level"])
    only = found.loc[("E3", 2)]
    assert pd.isna(only["next_class"]) and pd.isna(only["margin"])
    assert only["probability"] == found.loc[("E3", 1), "probability"]


def test_probability_lies_on_the_curve_and_multiplies_down_the_levels(score):
    found = score(AREAS).set_index(["area", "level"])
    margins = found["margin"].to_numpy(dtype=float)
    curve = np.interp(margins, [0, 0.5, 0.8], [0.5, 0.9, 1])
    first = found.xs(1, level="level")["probability"]
    np.testing.assert_allclose(first, curve[0::2])
    assert found.loc[("E2", 2), "probability"] == pytest.approx(curve[2] * curve[3])


def test_values_outside_the_range_are_clipped_or_kept(score):
    far = AREAS.assign(v01=[-50.0, 3.0, 90.0])
    clipped = score(far).set_index(["area", "level"])["distance"]
    kept = score(far, outside="keep").set_index(["area", "level"])["distance"]
    assert clipped[("E3", 1)] == pytest.approx(np.hypot(1 - 0.8, 0))
    assert kept[("E3", 1)] == pytest.approx(9 - 0.8)


def test_a_missing_variable_is_refused_by_name_or_left_out(score):
    fewer = AREAS.drop(columns="v02")
    with pytest.raises(duckdb.Error, match="lack 1 of the model's 2 variables: v02"):
        score(fewer)
    found = score(fewer, missing_variables="leave_out").set_index(["area", "level"])
    assert set(found["variables_used"]) == {1}
    assert found.loc[("E1", 1), "distance"] == pytest.approx(0.1)


def test_a_missing_value_leaves_no_distance_of_its_own(score):
    holed = AREAS.assign(v02=[None, 2.0, 8.0])
    with pytest.raises(duckdb.Error, match="E1 has no value of 1 variables"):
        score(holed)
    found = score(holed, missing_variables="leave_out").set_index(["area", "level"])
    assert found.loc[("E1", 1), ["distance", "variables_used"]].tolist() == [0.1, 1]
    assert found.loc[("E2", 1), "variables_used"] == 2


def test_the_files_order_of_columns_does_not_matter(score):
    pd.testing.assert_frame_equal(score(AREAS[["v02", "OA", "v01"]]), score(AREAS))


def test_areas_with_none_of_the_models_variables_are_refused(score):
    strange = AREAS.rename(columns={"v01": "density", "v02": "students"})
    sentence = "parquet has none of the model's 2 variables .v01 …. .*OA, density"
    with pytest.raises(duckdb.Error, match=sentence):
        score(strange, missing_variables="leave_out")


def test_distances_classes_and_margins_equal_numpys(score):
    rng = np.random.default_rng(8)
    names = [f"v{n:02}" for n in range(6)]
    lows, highs, weights = rng.random(6), 5 + 50 * rng.random(6), 1 + rng.random(6)
    centroids = rng.random((5, 6))
    model = small_model(
        variables=[
            {
                "variable": name,
                "name": name,
                "domain": None,
                "transform": "arcsinh",
                "minimum": lows[n],
                "maximum": highs[n],
                "weight": weights[n],
            }
            for n, name in enumerate(names)
        ],
        classes=[
            {"level": 1, "class": letter, "parent": None, "centroid": list(row)}
            for letter, row in zip("ABCDE", centroids, strict=True)
        ],
        calibration=[{"level": 1, "margin": 0, "probability": 1}],
    )
    values = 60 * rng.random((40, 6))
    areas = pd.DataFrame(values, columns=names)
    areas.insert(0, "OA", [f"E{n:02}" for n in range(40)])
    found = score(areas, model=model)
    low, high = np.arcsinh(lows), np.arcsinh(highs)
    z = ((np.arcsinh(values) - low) / (high - low)).clip(0, 1)
    distances = np.sqrt((weights * (z[:, None] - centroids) ** 2).sum(axis=2))
    two = np.sort(distances, axis=1)[:, :2]
    assert list(found["class"]) == ["ABCDE"[n] for n in distances.argmin(axis=1)]
    np.testing.assert_allclose(found["distance"], two[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found["margin"], 1 - two[:, 0] / two[:, 1], rtol=1e-9)
