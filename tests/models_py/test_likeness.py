"""models_py/likeness.py: exact neighbours and the map of likeness."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.metrics.pairwise import cosine_distances

from models_py.likeness import likeness_map, nearest_neighbors


def test_neighbours_are_the_exact_ones_by_cosine_distance():
    values = np.random.default_rng(12).random((40, 6))
    indices, distances = nearest_neighbors(values, 5)
    between = cosine_distances(values)
    np.testing.assert_array_equal(indices, between.argsort(axis=1)[:, :5])
    np.testing.assert_allclose(distances, np.sort(between, axis=1)[:, :5], atol=1e-6)


@pytest.mark.parametrize("copies", [2, 5, 12])
def test_an_area_is_its_own_first_neighbour_among_duplicates(copies):
    """With 12 copies and 5 neighbours, an area may not be among its own nearest."""
    values = np.repeat(np.random.default_rng(13).random((4, 3)), copies, axis=0)
    indices, distances = nearest_neighbors(values, 5)
    np.testing.assert_array_equal(indices[:, 0], np.arange(len(values)))
    np.testing.assert_array_equal(distances[:, 0], 0)
    for row in indices:
        assert len(set(row)) == 5
    between = cosine_distances(values)
    np.testing.assert_allclose(
        np.sort(distances), np.sort(between, axis=1)[:, :5], atol=1e-6
    )


def test_an_area_of_zeros_is_its_own_first_neighbour():
    """The cosine of nothing is undefined; the first area stands for such a case."""
    values = np.vstack([np.zeros(3), np.random.default_rng(14).random((9, 3))])
    indices, distances = nearest_neighbors(values, 4)
    assert indices[:, 0].tolist() == list(range(10))
    assert distances[0, 0] == 0


def test_no_more_areas_than_neighbours_are_refused_with_the_remedy():
    with pytest.raises(ValueError) as refused:
        likeness_map(np.ones((30, 2)), 30, 0.0, 10, 508)
    assert str(refused.value) == (
        "umap_neighbors is 30, but there are only 30 areas; "
        "ask for fewer with --set umap_neighbors=…"
    )


@pytest.fixture(scope="module")
def groups() -> np.ndarray:
    """Give two groups of 40 areas in different directions."""
    rng = np.random.default_rng(15)
    directions = np.repeat([[1.0, 0.1, 0.1], [0.1, 0.1, 1.0]], 40, axis=0)
    return directions + rng.normal(0, 0.02, directions.shape)


def test_alike_areas_lie_together(groups):
    places = likeness_map(groups, 10, 0.0, 100, 508)
    assert places.shape == (80, 2)
    assert trustworthiness(groups, places, n_neighbors=5, metric="cosine") > 0.8
    centres = places[:40].mean(axis=0), places[40:].mean(axis=0)
    own = np.linalg.norm(places[:40] - centres[0], axis=1)
    other = np.linalg.norm(places[:40] - centres[1], axis=1)
    assert np.all(own < other)


def test_the_same_seed_gives_the_same_map(groups):
    one, other = (likeness_map(groups, 10, 0.0, 20, 508) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, likeness_map(groups, 10, 0.0, 20, 509))
