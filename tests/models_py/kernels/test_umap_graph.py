"""models_py/kernels/umap_graph.py: how strongly areas belong together."""

from itertools import pairwise

import numpy as np
import pytest

from models_py.kernels import umap_graph as module
from models_py.kernels.umap_graph import fuzzy_graph
from models_py.kernels.umap_neighbors import nearest_neighbors, unit_rows


@pytest.mark.parametrize("copies", [1, 3])
def test_the_graph_is_that_of_umap_learn(copies):
    """With copies, some widths go to nothing and are held up."""
    from umap.umap_ import fuzzy_simplicial_set

    rows = np.random.default_rng(17).random((60, 5))
    areas = unit_rows(np.repeat(rows, copies, axis=0))
    found, distances = nearest_neighbors(areas, 8)
    expected, *_ = fuzzy_simplicial_set(
        np.empty((60 * copies, 1)),
        8,
        np.random.RandomState(0),
        "cosine",
        knn_indices=found,
        knn_dists=distances,
    )
    np.testing.assert_allclose(
        fuzzy_graph(found, distances).toarray(), expected.toarray(), atol=2e-4
    )


def test_areas_that_are_all_alike_belong_together_fully():
    found, distances = nearest_neighbors(unit_rows(np.ones((6, 3))), 4)
    strengths = fuzzy_graph(found, distances).toarray()
    np.testing.assert_array_equal(strengths, strengths.T)
    assert set(strengths.ravel()) == {0, 1}
    assert np.all((strengths > 0).sum(axis=1) >= 3)


def test_a_neighbour_that_does_not_have_the_area_among_its_own_counts_both_ways():
    """Area 2 is nearest to area 1, whose own nearest is area 0."""
    found = np.array([[0, 1], [1, 0], [2, 1]], dtype=np.int32)
    distances = np.array([[0, 0.1], [0, 0.1], [0, 0.4]], dtype=np.float32)
    strengths = fuzzy_graph(found, distances).toarray()
    np.testing.assert_array_equal(strengths, [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


def test_edges_are_in_the_order_of_numbers_and_not_of_strength():
    """Strong pulls last tear the map apart; strong ones first lose small groups."""
    areas = unit_rows(np.random.default_rng(19).random((50, 4)))
    graph = fuzzy_graph(*nearest_neighbors(areas, 7))
    for start, end in pairwise(graph.indptr):
        assert np.all(np.diff(graph.indices[start:end]) > 0)


def test_the_graph_is_the_same_in_parts_of_any_length(monkeypatch):
    areas = unit_rows(np.random.default_rng(18).random((90, 4)))
    whole = fuzzy_graph(*nearest_neighbors(areas, 7))
    monkeypatch.setattr(module, "PART", 13)
    parts = fuzzy_graph(*nearest_neighbors(areas, 7))
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))
