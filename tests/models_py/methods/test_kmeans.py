"""k-means restarts: what they find, that they repeat, and what they refuse."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_info, threadpool_limits

from models_py.methods.kmeans import (
    fit_kmeans,
    fit_range,
    fit_with_finalists,
    stability,
)

DATA = Path(__file__).parents[3].parent / "shared" / "data"

STRATEGIES = ["screened", "exhaustive"]


def three_blobs(rows: int = 60, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    return np.repeat(centres, rows // 3, axis=0) + random.normal(size=(rows, 2))


def noise(rows: int = 400, columns: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((rows, columns))


def inertia_of(matrix: np.ndarray, labels: np.ndarray) -> float:
    groups = (matrix[labels == cluster] for cluster in np.unique(labels))
    return sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups)


def sklearn_fit(matrix: np.ndarray, clusters: int, restarts: int, seed: int) -> KMeans:
    # One thread: with more, the order of scikit-learn's sums is left to chance.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KMeans(clusters, init="random", n_init=restarts, random_state=seed).fit(
            matrix
        )


# --- What a fit is ------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_six_areas_in_two_places(strategy):
    matrix = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
    fit = fit_kmeans(matrix, 2, restarts=10, seed=1, strategy=strategy)
    assert fit.labels[0] == fit.labels[1] == fit.labels[2]
    assert fit.labels[3] == fit.labels[4] == fit.labels[5]
    assert sorted(fit.centroids[:, 0]) == [1.0, 11.0]
    assert fit.inertia == 4.0


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_centroids_and_inertia_belong_to_the_labels(strategy):
    matrix = noise() * 50 + 1000
    fit = fit_kmeans(matrix, 4, restarts=20, seed=3, strategy=strategy)
    for cluster, centroid in enumerate(fit.centroids):
        mean = matrix[fit.labels == cluster].mean(axis=0)
        np.testing.assert_allclose(centroid, mean, rtol=1e-12)
    assert fit.inertia == pytest.approx(inertia_of(matrix, fit.labels), rel=1e-9)
    assert fit.centroids.dtype == np.float64


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_cluster_is_the_mean(strategy):
    matrix = noise()
    fit = fit_kmeans(matrix, 1, restarts=5, seed=0, strategy=strategy)
    assert set(fit.labels) == {0}
    np.testing.assert_allclose(fit.centroids, [matrix.mean(axis=0)])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_as_many_clusters_as_areas(strategy):
    matrix = noise(rows=7)
    fit = fit_kmeans(matrix, 7, restarts=5, seed=0, strategy=strategy)
    assert sorted(fit.labels) == list(range(7))
    assert fit.inertia == pytest.approx(0, abs=1e-20)


def test_as_many_clusters_as_distinct_rows():
    matrix = np.repeat(noise(rows=4), 5, axis=0)
    fit = fit_kmeans(matrix, 4, restarts=5, seed=0)
    assert len(set(fit.labels)) == 4
    assert fit.inertia == pytest.approx(0, abs=1e-20)


def test_the_matrix_is_left_as_it_was():
    matrix = noise()
    before = matrix.copy()
    for strategy in STRATEGIES:
        fit_kmeans(matrix, 3, restarts=10, seed=0, strategy=strategy)
    np.testing.assert_array_equal(matrix, before)


@pytest.mark.parametrize("scale", [1e-100, 1.0, 1e100])
def test_the_units_do_not_matter_to_the_partition(scale):
    plain = fit_kmeans(three_blobs(), 3, restarts=10, seed=0)
    scaled = fit_kmeans(three_blobs() * scale, 3, restarts=10, seed=0)
    np.testing.assert_array_equal(plain.labels, scaled.labels)


def test_an_offset_much_larger_than_the_spread_does_not_matter():
    plain = fit_kmeans(noise(), 4, restarts=50, seed=0)
    far = fit_kmeans(noise() + 1e6, 4, restarts=50, seed=0)
    assert adjusted_rand_score(plain.labels, far.labels) > 0.99


# --- What is refused ----------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_more_clusters_than_areas_are_refused(strategy):
    with pytest.raises(ValueError, match="1 to 5"):
        fit_kmeans(noise(rows=5), 6, restarts=1, seed=0, strategy=strategy)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_more_clusters_than_distinct_rows_are_refused(strategy):
    matrix = np.repeat(noise(rows=3), 10, axis=0)
    with pytest.raises(ValueError, match="only 3 distinct rows among its 30"):
        fit_kmeans(matrix, 4, restarts=1, seed=0, strategy=strategy)


def test_missing_values_are_refused():
    matrix = noise()
    matrix[3, 1] = np.nan
    with pytest.raises(ValueError, match="missing"):
        fit_kmeans(matrix, 2, restarts=1, seed=0)


@pytest.mark.parametrize("shape", [(5,), (0, 3), (5, 0)])
def test_what_is_not_a_matrix_is_refused(shape):
    with pytest.raises(ValueError, match="areas by variables"):
        fit_kmeans(np.zeros(shape), 1, restarts=1, seed=0)


def test_no_clusters_no_restarts_and_unknown_strategies_are_refused():
    with pytest.raises(ValueError, match="number of clusters"):
        fit_kmeans(noise(), 0, restarts=1, seed=0)
    with pytest.raises(ValueError, match="1 restart"):
        fit_kmeans(noise(), 2, restarts=0, seed=0)
    with pytest.raises(ValueError, match="screened"):
        fit_kmeans(noise(), 2, restarts=1, seed=0, strategy="thorough")


# --- Exhaustive is scikit-learn -----------------------------------------------------


def test_exhaustive_is_scikit_learn_label_for_label():
    ties = np.random.default_rng(2).integers(0, 3, (80, 2)) * 1.0
    fit = fit_kmeans(ties, 4, restarts=53, seed=3, strategy="exhaustive")
    expected = sklearn_fit(ties, 4, 53, 3)
    np.testing.assert_array_equal(fit.labels, expected.labels_)
    np.testing.assert_array_equal(fit.centroids, expected.cluster_centers_)
    assert fit.inertia == expected.inertia_


def test_exhaustive_goes_on_where_scikit_learn_stops_at_its_tolerance():
    # A wide cloud without clusters, on which centroids creep.
    cloud = np.random.default_rng(8).uniform(size=(20_000, 2))
    model = KMeans(6, init="random", n_init=2, random_state=3).fit(cloud)
    assert not is_settled(cloud, model.labels_)
    fit = fit_kmeans(cloud, 6, restarts=2, seed=3, strategy="exhaustive")
    assert is_settled(cloud, fit.labels)
    assert fit.inertia < model.inertia_
    assert (fit.labels == model.labels_).mean() > 0.9


def is_settled(values, labels):
    """Say whether each row is nearest to the mean of its own cluster."""
    means = pd.DataFrame(values).groupby(labels).mean().to_numpy()
    return (cdist(values, means).argmin(axis=1) == labels).all()


# --- Screened is as good ------------------------------------------------------------


@pytest.mark.parametrize(
    "matrix, clusters",
    [
        (three_blobs(300), 5),
        (noise(300), 4),
        (noise(300, 1), 5),
        (np.hstack([noise(300), np.ones((300, 2))]), 4),
        (np.random.default_rng(3).integers(0, 3, (300, 2)) * 1.0, 4),
        (noise(12), 10),
    ],
    ids=["blobs", "noise", "one variable", "constants", "duplicates", "n above k"],
)
def test_screened_is_no_worse_than_exhaustive(matrix, clusters):
    full = fit_kmeans(matrix, clusters, restarts=300, seed=1, strategy="exhaustive")
    screened = fit_kmeans(matrix, clusters, restarts=300, seed=1)
    assert screened.inertia <= full.inertia * (1 + 1e-7)


# --- It repeats ---------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_number_of_workers_does_not_matter(strategy):
    matrix = noise(500)
    one, two, many = (
        fit_kmeans(matrix, 5, restarts=40, seed=9, strategy=strategy, workers=workers)
        for workers in (1, 2, 5)
    )
    np.testing.assert_array_equal(one.labels, two.labels)
    np.testing.assert_array_equal(one.labels, many.labels)
    assert one.inertia == two.inertia == many.inertia


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_joblib_may_use_processes(strategy):
    matrix = noise(200)
    threads = fit_kmeans(matrix, 3, restarts=20, seed=4, strategy=strategy)
    with parallel_config(backend="loky", n_jobs=2):
        processes = fit_kmeans(
            matrix, 3, restarts=20, seed=4, strategy=strategy, workers=None
        )
    np.testing.assert_array_equal(threads.labels, processes.labels)
    assert threads.inertia == processes.inertia


def test_the_callers_thread_limits_are_left_as_they_were():
    fit_kmeans(noise(), 3, restarts=10, seed=0)  # so that all libraries are loaded
    before = [pool["num_threads"] for pool in threadpool_info()]
    fit_kmeans(noise(), 3, restarts=50, seed=0, workers=2)
    assert [pool["num_threads"] for pool in threadpool_info()] == before


# --- Several k, and stability -------------------------------------------------------


def test_a_range_of_k_is_as_good_as_scikit_learn():
    matrix = noise(300)
    fits = fit_range(matrix, range(1, 6), restarts=100, seed=0)
    assert list(fits) == [1, 2, 3, 4, 5]
    for k, fit in fits.items():
        expected = sklearn_fit(matrix, k, 100, 0).inertia_
        assert fit.inertia <= expected * (1 + 1e-4)
        assert len(fit.centroids) == k


def test_stability_matches_clusters_before_it_compares():
    labels = np.array([0, 0, 0, 1, 1, 1])
    finalists = np.array([[0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0]])
    expected = [1, 1, 2 / 3, 1, 1, 1]
    np.testing.assert_allclose(stability(labels, finalists, 2), expected)


def test_well_separated_areas_are_stable():
    fit, finalists = fit_with_finalists(three_blobs(), 3, restarts=100, seed=0)
    assert stability(fit.labels, finalists, 3).tolist() == [1.0] * 60


def test_stability_needs_restarts_of_the_same_areas():
    with pytest.raises(ValueError, match="for 3 areas"):
        stability(np.array([0, 1, 0]), np.zeros((2, 4), int), 2)
