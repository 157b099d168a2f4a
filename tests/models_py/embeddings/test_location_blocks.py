"""The step location_blocks."""

import numpy as np
import pyarrow as pa

from models_py.embeddings.location_blocks import location_blocks


def places(points: np.ndarray) -> pa.Table:
    """Return points (n, 2) as centroids."""
    areas = [f"E{number:02}" for number in range(len(points))]
    return pa.table({"area": areas, "x": points[:, 0], "y": points[:, 1]})


def test_areas_that_lie_together_make_a_block():
    rng = np.random.default_rng(7)
    points = np.repeat([[0, 0], [100, 0], [0, 100]], [5, 4, 3], axis=0)
    table = location_blocks(places(points + rng.random((12, 2))), 3, 42)
    assert table["block"].to_pylist() == list("AAAAABBBBCCC")


def test_fewer_places_than_blocks_make_a_block_each():
    table = location_blocks(places(np.array([[0.0, 0], [1, 1], [1, 1]])), 30, 42)
    assert table["block"].to_pylist() == ["B", "A", "A"]
