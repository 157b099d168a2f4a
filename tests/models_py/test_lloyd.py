"""The compiled loops of k-means, one by one."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from models_py.lloyd import (
    filled_up,
    inertia_about,
    lloyd,
    means,
    moves,
    spread_rows,
)


@pytest.fixture
def rows() -> np.ndarray:
    return filled_up(np.random.default_rng(4).normal(size=(300, 5)))


def scikit_learns(rows: np.ndarray, start: np.ndarray, iterations: int) -> KMeans:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so few iterations don't converge
        return KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0).fit(
            rows
        )


def test_columns_are_filled_up_with_zeros():
    filled = filled_up(np.ones((2, 9)))
    assert filled.shape == (2, 16)
    assert filled.sum() == 18
    assert filled_up(np.ones((2, 8))).shape == (2, 8)


@pytest.mark.parametrize("clusters", [2, 3, 7])
def test_lloyd_ends_where_scikit_learn_ends(rows, clusters):
    single = rows.astype(np.float32)
    labels, centroids, inertia = lloyd(single, np.ones(300), single[:clusters], 1000)
    expected = scikit_learns(rows, rows[:clusters], 1000)
    np.testing.assert_array_equal(labels, expected.labels_)
    np.testing.assert_allclose(centroids, expected.cluster_centers_, atol=1e-5)
    assert inertia == pytest.approx(expected.inertia_, rel=1e-5)


def test_the_first_iteration_gives_each_row_its_nearest_start(rows):
    single = rows.astype(np.float32)
    labels, centroids, _ = lloyd(single, np.ones(300), single[:4], 1)
    distances = ((rows[:, np.newaxis] - rows[:4]) ** 2).sum(axis=2)
    np.testing.assert_array_equal(labels, distances.argmin(axis=1))
    np.testing.assert_array_equal(centroids, single[:4])


def test_a_row_that_stands_for_three_counts_three_times(rows):
    single, weights = rows.astype(np.float32), np.ones(300)
    weights[7] = 3
    _, centroids, inertia = lloyd(single, weights, single[:3], 1000)
    repeated = np.vstack([single, single[[7, 7]]])
    _, expected, expected_inertia = lloyd(repeated, np.ones(302), single[:3], 1000)
    np.testing.assert_allclose(centroids, expected, atol=1e-5)
    assert inertia == pytest.approx(expected_inertia, rel=1e-5)


def test_means_equal_pandas_and_an_empty_cluster_is_zero(rows):
    labels = np.arange(300, dtype=np.int32) % 3
    centroids, sizes = means(rows, np.ones(300), labels, 4)
    expected = pd.DataFrame(rows).groupby(labels).mean()
    np.testing.assert_allclose(centroids[:3], expected)
    assert sizes.tolist() == [100, 100, 100, 0]
    assert not centroids[3].any()


def test_inertia_is_the_weighted_sum_of_squares(rows):
    labels, weights = np.zeros(300, np.int32), np.full(300, 2.0)
    expected = 2 * ((rows - rows[0]) ** 2).sum()
    found = inertia_about(rows, weights, labels, rows[:1])
    assert found == pytest.approx(expected)


def test_moves_leave_each_row_where_it_costs_least(rows):
    labels = np.random.default_rng(0).integers(0, 3, 300).astype(np.int32)
    before = inertia_about(
        rows, np.ones(300), labels, means(rows, np.ones(300), labels, 3)[0]
    )
    centroids, inertia = moves(rows, np.ones(300), labels, 3, 1e-9)
    np.testing.assert_allclose(centroids, means(rows, np.ones(300), labels, 3)[0])
    assert inertia < before
    distances = ((rows[:, np.newaxis] - centroids) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) == labels).all()


def test_starts_are_spread_over_far_groups_and_never_on_one_place_twice():
    rows = np.repeat(np.float32([[0], [100], [200]]), 50, axis=0)
    for seed in range(20):
        draws = np.random.default_rng(seed).random(3)
        chosen = spread_rows(filled_up(rows), np.ones(150), draws)
        assert sorted(rows[chosen, 0]) == [0, 100, 200]


def test_the_first_start_is_drawn_by_weight():
    rows = filled_up(np.float32([[0], [1], [2]]))
    assert spread_rows(rows, np.array([1.0, 8.0, 1.0]), np.array([0.5]))[0] == 1
    assert spread_rows(rows, np.array([1.0, 8.0, 1.0]), np.array([0.95]))[0] == 2
