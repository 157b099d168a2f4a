"""The tournament of k-means starts."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from models_py.kernels import tournament
from models_py.kernels.lloyd import Areas, make_areas
from models_py.kernels.tournament import Screening, improve_by_moves
from models_py.methods.kmeans import fit_kmeans, fit_with_finalists
from tests.models_py.methods.test_kmeans import inertia_of, noise, three_blobs


def areas_of(matrix: np.ndarray) -> Areas:
    return make_areas(matrix, np.ones(len(matrix)))


def test_many_areas_are_screened_on_a_sample(monkeypatch):
    matrix = three_blobs(3000)
    seen = []
    hold = tournament._tournament

    def watched(areas, *arguments):
        seen.append(len(areas.double))
        return hold(areas, *arguments)

    small = Screening.from_restarts(100)._replace(sample=500)
    monkeypatch.setattr(Screening, "from_restarts", lambda restarts: small)
    monkeypatch.setattr(tournament, "_tournament", watched)
    fit, finalists = fit_with_finalists(matrix, 4, restarts=100, seed=0)
    full = fit_kmeans(matrix, 4, restarts=30, seed=0, strategy="exhaustive")
    assert seen == [500]
    assert fit.inertia <= full.inertia * (1 + 1e-7)
    assert finalists.shape[1] == 3000


def test_no_single_move_improves_a_screened_fit():
    matrix = noise(60)
    fit = fit_kmeans(matrix, 4, restarts=30, seed=0)
    for area in range(len(matrix)):
        for cluster in range(4):
            moved = fit.labels.copy()
            moved[area] = cluster
            assert inertia_of(matrix, moved) >= fit.inertia * (1 - 1e-9)


def test_moves_help_where_lloyd_is_stuck():
    # 6 is 3 away from its own centroid and 3.2 from the other, so Lloyd leaves it. But
    # leaving would save 2/1 · 3² = 18, and joining would cost 2/3 · 3.2² = 6.8.
    matrix = np.array([[0.0], [6.0], [9.2], [9.2]])
    lloyd = KMeans(2, init=[[3.0], [9.2]], n_init=1).fit(matrix)
    assert lloyd.labels_.tolist() == [0, 0, 1, 1]
    (fit,) = improve_by_moves(areas_of(matrix), lloyd.labels_[np.newaxis], 2)
    assert fit.labels.tolist() == [0, 1, 1, 1]


def test_moves_fill_an_empty_cluster():
    matrix = np.array([[0.0], [0.0], [5.0], [9.0]])
    (fit,) = improve_by_moves(areas_of(matrix), np.array([[0, 0, 1, 1]]), 3)
    assert fit.inertia == pytest.approx(0, abs=1e-20)
    assert len(set(fit.labels)) == 3
