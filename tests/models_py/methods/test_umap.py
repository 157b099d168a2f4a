"""models_py/methods/umap.py: the map of umap."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.manifold import trustworthiness

from models_py import side_by_side
from models_py.kernels import umap_neighbors as neighbors
from models_py.methods import umap
from models_py.methods.umap import umap_places


def test_no_more_areas_than_neighbours_are_refused_with_the_remedy():
    with pytest.raises(ValueError) as refused:
        umap_places(np.ones((30, 2)), 30, 0.0, 10, 508)
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
    places = umap_places(groups, 10, 0.0, 100, 508)
    assert places.shape == (80, 2)
    assert trustworthiness(groups, places, n_neighbors=5, metric="cosine") > 0.8
    centres = places[:40].mean(axis=0), places[40:].mean(axis=0)
    own = np.linalg.norm(places[:40] - centres[0], axis=1)
    other = np.linalg.norm(places[:40] - centres[1], axis=1)
    assert np.all(own < other)


def test_the_same_seed_gives_the_same_map(groups):
    one, other = (umap_places(groups, 10, 0.0, 20, 508) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, umap_places(groups, 10, 0.0, 20, 509))


def test_beyond_the_limit_the_map_is_made_in_cells_and_as_good(monkeypatch):
    """1,500 areas of 12 skewed variables that share three causes, as in a census."""
    rng = np.random.default_rng(20)
    mixed = rng.normal(size=(1500, 3)) @ rng.normal(size=(3, 12))
    values = np.arcsinh(np.exp(mixed + rng.normal(size=(1500, 12)) / 2))
    exact = umap_places(values, 15, 0.0, 200, 508)
    monkeypatch.setattr(umap, "EXACT_AREAS", 1000)
    monkeypatch.setattr(neighbors, "CELL_AREAS", 20)
    in_cells = umap_places(values, 15, 0.0, 200, 508)
    assert not np.array_equal(exact, in_cells)
    kept = [
        trustworthiness(values, places, n_neighbors=15, metric="cosine")
        for places in (exact, in_cells)
    ]
    assert kept[1] > kept[0] - 0.01
    np.testing.assert_array_equal(in_cells, umap_places(values, 15, 0.0, 200, 508))


@pytest.mark.parametrize(
    ("limit", "moved"),
    [(80, [(80, range(20))]), (79, [(20, range(10)), (80, range(10, 20))])],
)
def test_beyond_the_limit_some_areas_stand_for_all_in_the_first_half_of_the_epochs(
    groups, monkeypatch, limit, moved
):
    taken = []

    def lay_out(graph, start, min_dist, epochs, in_all, seed):
        taken.append((graph.shape[0], epochs))
        return real(graph, start, min_dist, epochs, in_all, seed)

    real = umap.lay_out
    monkeypatch.setattr(umap, "EXACT_AREAS", limit)
    monkeypatch.setattr(neighbors, "CELL_AREAS", 20)
    monkeypatch.setattr(umap, "STANDING_FOR", 4)
    monkeypatch.setattr(umap, "lay_out", lay_out)
    umap_places(groups, 10, 0.0, 20, 508)
    assert taken == moved


def test_areas_start_at_the_mean_of_neighbours_whose_places_are_known():
    """Area 2 belongs to 0 and 1, area 3 only to 2; area 4 to nobody."""
    strengths = np.zeros((5, 5), np.float32)
    strengths[2, [0, 1]] = strengths[[0, 1], 2] = 0.25, 0.75
    strengths[2, 3] = strengths[3, 2] = 0.5
    places = umap.among_neighbors(
        csr_array(strengths), np.array([[0.0, 0], [4, 8]]), np.full((5, 2), 9.0)
    )
    assert places.tolist() == [[0, 0], [4, 8], [3, 6], [3, 6], [9, 9]]


@pytest.mark.parametrize("limit", [80, 79])
def test_the_map_is_the_same_on_any_number_of_threads(groups, monkeypatch, limit):
    monkeypatch.setattr(umap, "EXACT_AREAS", limit)
    monkeypatch.setattr(umap, "STANDING_FOR", 4)
    monkeypatch.setattr(neighbors, "CELL_AREAS", 20)
    maps = []
    for threads in (1, 2, 5):
        for module in (umap, side_by_side):
            monkeypatch.setattr(module, "core_count", lambda threads=threads: threads)
        maps.append(umap_places(groups, 10, 0.0, 50, 508))
    np.testing.assert_array_equal(maps[0], maps[1])
    np.testing.assert_array_equal(maps[0], maps[2])


@pytest.mark.parametrize("min_dist", [0.0, 0.5])
def test_both_engines_keep_neighbours_together_and_the_map_compact(min_dist):
    """On 800 areas of 12 skewed variables that share three causes, as in a census."""
    rng = np.random.default_rng(18)
    mixed = rng.normal(size=(800, 3)) @ rng.normal(size=(3, 12))
    values = np.arcsinh(np.exp(mixed + rng.normal(size=(800, 12)) / 2))
    maps = {
        engine: umap_places(values, 15, min_dist, 200, 508, engine)
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
