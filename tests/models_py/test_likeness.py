"""models_py/likeness.py: exact neighbours and the map of likeness."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.metrics.pairwise import cosine_distances

from models_py import likeness, side_by_side
from models_py.likeness import fuzzy_graph, likeness_map, nearest_neighbors


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


def test_many_areas_find_most_of_their_neighbours_in_the_cells_around(monkeypatch):
    values = np.random.default_rng(16).random((3000, 4))
    exact, _ = nearest_neighbors(values, 10)
    monkeypatch.setattr(likeness, "EXACT_AREAS", 1000)
    near, distances = nearest_neighbors(values, 10)
    np.testing.assert_array_equal(near[:, 0], np.arange(3000))
    assert np.all(np.diff(distances) >= 0)
    found = [len(set(a) & set(b)) for a, b in zip(exact, near, strict=True)]
    assert np.mean(found) > 9.5


@pytest.mark.parametrize("copies", [1, 3])
def test_the_graph_is_that_of_umap_learn(copies):
    """With copies, some widths go to nothing and are held up."""
    from umap.umap_ import fuzzy_simplicial_set

    rows = np.random.default_rng(17).random((60, 5))
    indices, distances = nearest_neighbors(np.repeat(rows, copies, axis=0), 8)
    expected, *_ = fuzzy_simplicial_set(
        np.empty((60 * copies, 1)),
        8,
        np.random.RandomState(0),
        "cosine",
        knn_indices=indices,
        knn_dists=distances,
    )
    np.testing.assert_allclose(
        fuzzy_graph(indices, distances).toarray(), expected.toarray(), atol=2e-4
    )


def test_the_map_is_the_same_on_any_number_of_threads(groups, monkeypatch):
    maps = []
    for threads in (1, 2, 5):
        for module in (likeness, side_by_side):
            monkeypatch.setattr(module, "core_count", lambda threads=threads: threads)
        maps.append(likeness_map(groups, 10, 0.0, 50, 508))
    np.testing.assert_array_equal(maps[0], maps[1])
    np.testing.assert_array_equal(maps[0], maps[2])


@pytest.mark.parametrize("min_dist", [0.0, 0.5])
def test_both_engines_keep_neighbours_together_and_the_map_compact(min_dist):
    """On 800 areas of 12 skewed variables that share three causes, as in a census."""
    rng = np.random.default_rng(18)
    mixed = rng.normal(size=(800, 3)) @ rng.normal(size=(3, 12))
    values = np.arcsinh(np.exp(mixed + rng.normal(size=(800, 12)) / 2))
    maps = {
        engine: likeness_map(values, 15, min_dist, 200, 508, engine)
        for engine in ("fast", "umap-learn")
    }
    kept = {
        engine: trustworthiness(values, places, n_neighbors=15, metric="cosine")
        for engine, places in maps.items()
    }
    assert kept["fast"] > kept["umap-learn"] - 0.01
    # Pushes that are added up too eagerly throw areas far off, which this would show.
    widths = {engine: np.ptp(places, axis=0).max() for engine, places in maps.items()}
    assert widths["fast"] < 1.6 * widths["umap-learn"]
