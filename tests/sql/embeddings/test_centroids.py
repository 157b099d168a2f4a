"""embeddings.centroids on hand-made shapes."""

import math

import pytest


def centroids(run_model, *corners: tuple[float, float]) -> list[list[float]]:
    """Return the centroids of squares of side 2 with such lower left corners."""
    rows = [
        f"select '{number}' as area, false as is_empty, "
        f"st_makeenvelope({x}, {y}, {x + 2}, {y + 2}) as geometry"
        for number, (x, y) in enumerate(corners)
    ]
    rows.append("select 'none', true, null")
    table = run_model(
        "embeddings.centroids", {"embeddings.areas": " union all ".join(rows)}
    )
    return table[["x", "y"]].values.tolist()


def test_metres_stay_as_they_are_and_empty_areas_are_left_out(run_model):
    assert centroids(run_model, (1000, 2000), (4000, 2000)) == [
        [1001, 2001],
        [4001, 2001],
    ]


def test_degrees_of_longitude_are_shortened_to_those_of_latitude(run_model):
    assert centroids(run_model, (9, 59))[0] == pytest.approx(
        [10 * math.cos(math.radians(60)), 60]
    )
