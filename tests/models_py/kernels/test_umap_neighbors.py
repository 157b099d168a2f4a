"""models_py/kernels/umap_neighbors.py: nearest neighbours, exact and in cells."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_distances
from sklearn.preprocessing import normalize

from models_py import side_by_side
from models_py.kernels import umap_neighbors as neighbors
from models_py.kernels.umap_neighbors import make_cells, nearest_neighbors, unit_rows


def test_rows_are_divided_by_their_lengths_and_zeros_stay():
    rows = np.vstack([np.zeros(4), np.random.default_rng(11).normal(size=(9, 4))])
    unit = unit_rows(rows)
    assert unit.dtype == np.float32
    np.testing.assert_allclose(unit, normalize(rows), atol=1e-7)


def test_neighbours_are_the_exact_ones_by_cosine_distance():
    values = np.random.default_rng(12).random((40, 6))
    found, distances = nearest_neighbors(unit_rows(values), 5)
    between = cosine_distances(values)
    np.testing.assert_array_equal(found, between.argsort(axis=1)[:, :5])
    np.testing.assert_allclose(distances, np.sort(between, axis=1)[:, :5], atol=1e-6)


@pytest.mark.parametrize("copies", [2, 5, 12])
def test_an_area_is_its_own_first_neighbour_among_duplicates(copies):
    """With 12 copies and 5 neighbours, an area may not be among its own nearest."""
    values = np.repeat(np.random.default_rng(13).random((4, 3)), copies, axis=0)
    found, distances = nearest_neighbors(unit_rows(values), 5)
    np.testing.assert_array_equal(found[:, 0], np.arange(len(values)))
    np.testing.assert_array_equal(distances[:, 0], 0)
    for row in found:
        assert len(set(row)) == 5
    between = cosine_distances(values)
    np.testing.assert_allclose(
        np.sort(distances), np.sort(between, axis=1)[:, :5], atol=1e-6
    )


def test_an_area_of_zeros_is_its_own_first_neighbour():
    """The cosine of nothing is undefined; the first area stands for such a case."""
    values = np.vstack([np.zeros(3), np.random.default_rng(14).random((9, 3))])
    found, distances = nearest_neighbors(unit_rows(values), 4)
    assert found[:, 0].tolist() == list(range(10))
    assert distances[0, 0] == 0


@pytest.fixture
def areas(monkeypatch) -> np.ndarray:
    """Give 3,000 areas, in cells of 50 on average, as rows of length 1.

    Parts, blocks and cells are of such lengths that none divides another.
    """
    for name, value in {"CELL_AREAS": 50, "PART": 700, "OTHERS": 64}.items():
        monkeypatch.setattr(neighbors, name, value)
    return unit_rows(np.random.default_rng(16).normal(size=(3000, 5)))


def test_an_areas_cells_are_those_with_the_nearest_centres(areas):
    cells = make_cells(areas)
    assert cells.centroids.shape == (60, 5)
    between = cosine_distances(areas, cells.centroids)
    nearest = np.take_along_axis(between, cells.nearest, axis=1)
    np.testing.assert_allclose(nearest, np.sort(between, axis=1)[:, :20], atol=1e-6)


def test_areas_find_most_of_their_neighbours_in_the_cells_around(areas, monkeypatch):
    monkeypatch.setattr(neighbors, "VISITED", 10)
    exact, _ = nearest_neighbors(areas, 10)
    near, distances = nearest_neighbors(areas, 10, make_cells(areas))
    np.testing.assert_array_equal(near[:, 0], np.arange(3000))
    assert np.all(np.diff(distances) >= 0)
    assert all(len(set(row)) == 10 for row in near)
    found = [len(set(a) & set(b)) for a, b in zip(exact, near, strict=True)]
    assert 9.5 < np.mean(found) < 10


def test_in_all_cells_are_the_exact_neighbours(areas, monkeypatch):
    monkeypatch.setattr(neighbors, "VISITED", 60)
    found, distances = nearest_neighbors(areas, 10, make_cells(areas))
    between = cosine_distances(areas)
    np.testing.assert_allclose(distances, np.sort(between, axis=1)[:, :10], atol=1e-6)
    np.testing.assert_allclose(
        distances, np.take_along_axis(between, found, axis=1), atol=1e-6
    )


def test_areas_with_too_few_in_the_cells_around_are_compared_with_all(
    areas, monkeypatch
):
    """Two cells of fifty areas seldom hold a hundred."""
    monkeypatch.setattr(neighbors, "VISITED", 2)
    cells = make_cells(areas)
    held = np.bincount(cells.nearest[:, 0], minlength=60)[cells.nearest].sum(axis=1)
    found, distances = nearest_neighbors(areas, 100, cells)
    assert all(len(set(row)) == 100 for row in found)
    between = cosine_distances(areas)
    np.testing.assert_allclose(
        distances, np.take_along_axis(between, found, axis=1), atol=1e-6
    )
    exact = np.isclose(distances, np.sort(between, axis=1)[:, :100], atol=1e-6)
    assert 0 < (held < 100).sum() < 3000
    assert exact[held < 100].all()
    assert not exact[held >= 100].all()


def test_neighbours_are_the_same_on_any_number_of_threads(areas, monkeypatch):
    results = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(side_by_side, "core_count", lambda threads=threads: threads)
        results.append(nearest_neighbors(areas, 10, make_cells(areas)))
    for found, distances in results[1:]:
        np.testing.assert_array_equal(found, results[0][0])
        np.testing.assert_array_equal(distances, results[0][1])
