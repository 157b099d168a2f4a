"""The compiled loops of k-means, one by one."""

import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from models_py.kernels.lloyd import (
    BLOCK,
    Areas,
    inertia_about,
    lloyd,
    make_areas,
    make_space,
    means,
    moves,
    multiply,
    near_borders,
    spread_rows,
    squares_about,
)


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(4).normal(size=(300, 8))


def areas_of(rows: np.ndarray, weights: np.ndarray | None = None) -> Areas:
    return make_areas(rows, np.ones(len(rows)) if weights is None else weights)


def from_rows(areas: Areas, *starts: list[int]) -> np.ndarray:
    return areas.single[np.array(starts)]


def scikit_learns(rows: np.ndarray, start: np.ndarray, iterations: int) -> KMeans:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so few iterations don't converge
        return KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0).fit(
            rows
        )


def test_columns_are_filled_up_with_zeros():
    areas = areas_of(np.ones((2, 9)))
    assert areas.double.shape == areas.single.shape == (2, 16)
    assert areas.double.sum() == 18
    assert areas.squares.tolist() == [9, 9]
    assert areas_of(np.ones((2, 8))).double.shape == (2, 8)


def test_turned_rows_are_filled_up_to_whole_blocks(rows):
    turned = areas_of(rows).turned
    assert turned.shape == (2, 8, BLOCK)
    one_after_another = np.concatenate(list(turned), axis=1)
    np.testing.assert_array_equal(one_after_another[:, :300], rows.T.astype("float32"))
    assert not one_after_another[:, 300:].any()


@pytest.mark.parametrize("count", [2, 4, 6])
def test_products_are_those_of_numpy(rows, count):
    areas = areas_of(rows)
    centroids = areas.single[:6]
    products = np.full((6, BLOCK), -1, np.float32)
    multiply(centroids, count, areas.turned[0], products)
    expected = centroids[:count] @ areas.turned[0]
    np.testing.assert_allclose(products[:count], expected, atol=1e-5)
    assert (products[count:] == -1).all()


@pytest.mark.parametrize("clusters", [2, 3, 7])
def test_lloyd_ends_where_scikit_learn_ends(rows, clusters):
    areas = areas_of(rows)
    first, last = list(range(clusters)), list(range(300 - clusters, 300))
    labels, centroids, inertias = lloyd(areas, from_rows(areas, first, last), 1000)
    for run, start in enumerate([first, last]):
        expected = scikit_learns(rows, rows[start], 1000)
        np.testing.assert_array_equal(labels[run], expected.labels_)
        np.testing.assert_allclose(centroids[run], expected.cluster_centers_, atol=1e-5)
        assert inertias[run] == pytest.approx(expected.inertia_, rel=1e-5)


def test_the_first_iteration_gives_each_row_its_nearest_start(rows):
    areas = areas_of(rows)
    start = from_rows(areas, [0, 1, 2, 3])
    labels, centroids, _ = lloyd(areas, start, 1)
    distances = ((rows[:, np.newaxis] - rows[:4]) ** 2).sum(axis=2)
    np.testing.assert_array_equal(labels[0], distances.argmin(axis=1))
    np.testing.assert_array_equal(centroids, start)


def test_lloyd_has_settled_when_few_enough_labels_change(rows):
    areas = areas_of(rows)
    start = from_rows(areas, [0, 1, 2])
    by_iterations = [lloyd(areas, start, number)[0][0] for number in range(1, 100)]
    changes = [int((one != other).sum()) for one, other in pairwise(by_iterations)]
    settled = next(number for number, many in enumerate(changes) if many <= 30)
    labels, _, _ = lloyd(areas, start, 1000, settled=0.1)
    np.testing.assert_array_equal(labels[0], by_iterations[settled + 1])
    assert changes[settled + 1] > 0  # or the test would show nothing


def test_a_row_that_stands_for_three_counts_three_times(rows):
    weights = np.ones(300)
    weights[7] = 3
    areas = areas_of(rows, weights)
    _, centroids, inertias = lloyd(areas, from_rows(areas, [0, 1, 2]), 1000)
    repeated = areas_of(np.vstack([rows, rows[[7, 7]]]))
    _, expected, expected_inertias = lloyd(
        repeated, from_rows(repeated, [0, 1, 2]), 1000
    )
    np.testing.assert_allclose(centroids, expected, atol=1e-5)
    assert inertias[0] == pytest.approx(expected_inertias[0], rel=1e-5)


def test_an_empty_cluster_stays_where_it_is(rows):
    areas = areas_of(rows)
    far = np.full((1, 8), 1e3, np.float32)
    start = np.vstack([areas.single[:2], far])[np.newaxis]
    labels, centroids, _ = lloyd(areas, start, 1000)
    assert set(labels[0]) == {0, 1}
    np.testing.assert_array_equal(centroids[0, 2], far[0])


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


def test_squares_are_those_of_the_distances_to_each_rows_own_centroid(rows):
    labels = np.arange(300, dtype=np.int32) % 2
    expected = ((rows - rows[:2][labels]) ** 2).sum(axis=1)
    np.testing.assert_allclose(squares_about(rows, labels, rows[:2]), expected)


def test_moves_leave_each_row_where_it_costs_least(rows):
    labels = np.random.default_rng(0).integers(0, 3, 300).astype(np.int32)
    before = inertia_about(
        rows, np.ones(300), labels, means(rows, np.ones(300), labels, 3)[0]
    )
    (centroids,), (inertia,) = moves(areas_of(rows), labels[np.newaxis], 3, 1e-9)
    np.testing.assert_allclose(centroids, means(rows, np.ones(300), labels, 3)[0])
    assert inertia < before
    distances = ((rows[:, np.newaxis] - centroids) ** 2).sum(axis=2)
    assert (distances.argmin(axis=1) == labels).all()


def test_each_run_moves_as_it_does_alone(rows):
    labels = np.random.default_rng(0).integers(0, 3, (2, 300)).astype(np.int32)
    alone = labels[1:].copy()
    _, inertias = moves(areas_of(rows), labels, 3, 1e-9)
    _, inertia = moves(areas_of(rows), alone, 3, 1e-9)
    np.testing.assert_array_equal(labels[1], alone[0])
    assert inertias[1] == inertia[0]


@pytest.mark.parametrize("clusters", [4, 70])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e4])
def test_every_move_that_gains_is_found_near(rows, offset, clusters):
    # Far from the origin, single precision knows little of the distances. Beyond 64
    # clusters, one bit stands for several.
    moved = rows + offset
    weights = np.random.default_rng(1).integers(1, 4, 300).astype(float)
    labels = np.random.default_rng(0).integers(0, clusters, 300).astype(np.int32)
    areas = areas_of(moved, weights)
    centroids, sizes = means(areas.double, weights, labels, clusters)
    squares = ((moved[:, np.newaxis] - centroids) ** 2).sum(axis=2)
    weight = weights[:, np.newaxis]
    joining = squares * sizes / (sizes + weight)
    own = np.arange(300), labels
    left = np.where(sizes[labels] > weights, sizes[labels] - weights, np.inf)
    leaving = squares[own] * sizes[labels] / left
    joining[own] = np.inf
    gains = joining < leaving[:, np.newaxis]
    space = make_space(areas, clusters)
    space.sizes[:] = sizes
    near_borders(areas, space, labels, centroids, weights.max())
    near = space.near
    bits = np.uint64(1) << (np.arange(clusters, dtype=np.uint64) % np.uint64(64))
    assert gains.sum() > 100
    assert ((near[:, np.newaxis] & bits) > 0)[gains].all()
    if offset == 0 and clusters == 4:
        assert 0 in near


def test_starts_are_spread_over_far_groups_and_never_on_one_place_twice():
    rows = np.repeat(np.float32([[0], [100], [200]]), 50, axis=0)
    for seed in range(20):
        draws = np.random.default_rng(seed).random(3)
        chosen = spread_rows(rows, np.ones(150), draws)
        assert sorted(rows[chosen, 0]) == [0, 100, 200]


def test_the_first_start_is_drawn_by_weight():
    rows = np.float32([[0], [1], [2]])
    assert spread_rows(rows, np.array([1.0, 8.0, 1.0]), np.array([0.5]))[0] == 1
    assert spread_rows(rows, np.array([1.0, 8.0, 1.0]), np.array([0.95]))[0] == 2
