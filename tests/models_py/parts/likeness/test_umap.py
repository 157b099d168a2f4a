"""models_py/parts/likeness/umap.py on planted groups."""

import numpy as np
import pytest

from models_py.parts.likeness.umap import umap


@pytest.fixture(scope="module")
def places(cluster_inputs):
    """Give the map of the planted areas, with few rounds."""
    return umap(cluster_inputs, 10, 0.0, 50, 508)


def test_each_area_has_its_place(places, cluster_inputs):
    assert places.column_names == ["area", "umap_x", "umap_y"]
    assert places["area"] == cluster_inputs["area"]
    for column in ("umap_x", "umap_y"):
        assert places[column].type == "double"
        assert np.isfinite(places[column]).all()


def test_areas_of_one_group_lie_nearer_to_each_other_than_to_others(places, planted):
    found = np.column_stack([places["umap_x"].to_numpy(), places["umap_y"].to_numpy()])
    distances = np.linalg.norm(found[:, None] - found, axis=2)
    same = planted[:, None] == planted
    assert distances[same].mean() < 0.5 * distances[~same].mean()


def test_the_same_seed_gives_the_same_places(places, cluster_inputs):
    assert umap(cluster_inputs, 10, 0.0, 50, 508).equals(places)


def test_too_few_areas_are_refused(cluster_inputs):
    with pytest.raises(ValueError, match="umap_neighbors is 30, but there are only 20"):
        umap(cluster_inputs.slice(0, 20), 30, 0.0, 50, 508)
