"""The step umap on planted groups."""

import numpy as np

from models_py.embeddings.umap import umap


def test_areas_of_one_group_lie_nearer_to_each_other_than_to_others(
    embeddings, planted
):
    table = umap(embeddings, 10, 0.1, 100, 42)
    assert table.column_names == ["area", "umap_x", "umap_y"]
    places = np.column_stack([table["umap_x"].to_numpy(), table["umap_y"].to_numpy()])
    distances = np.linalg.norm(places[:, None] - places, axis=2)
    same = planted[:, None] == planted
    assert distances[same].mean() < 0.5 * distances[~same].mean()
