"""models_py/methods/cluster_validity.py against scikit-learn."""

import numpy as np
import pyarrow as pa
import pytest
from scipy.spatial.distance import cdist
from sklearn import metrics
from sklearn.cluster import KMeans

from models_py.methods import cluster_validity
from models_py.methods.cluster_validity import inertia, score_labels


@pytest.fixture(scope="module")
def blobs() -> np.ndarray:
    """Give 90 areas: 50, 30 and 10 around three places, 4 variables."""
    rng = np.random.default_rng(11)
    centres = np.repeat([[0.2] * 4, [0.5, 0.1, 0.9, 0.5], [0.9] * 4], [50, 30, 10], 0)
    return centres + rng.normal(0, 0.03, centres.shape)


def test_clusters_of_equal_areas_score_as_in_scikit_learn():
    values = np.repeat([[0.0], [3.0], [9.0]], 4, axis=0)
    numbers = np.repeat([0, 1, 2], 4)
    score = score_labels(values, pa.table({"k3": numbers}), 1)[0]
    assert score["calinski_harabasz"] == metrics.calinski_harabasz_score(
        values, numbers
    )
    assert score["davies_bouldin"] == metrics.davies_bouldin_score(values, numbers)


def test_scores_equal_scikit_learns(blobs):
    labels = {
        f"k{k}": KMeans(k, random_state=1).fit(blobs).labels_ for k in (1, 2, 3, 4)
    }
    scores = score_labels(blobs, pa.table({"area": ["E"] * 90, **labels}), 1)
    assert [score["k"] for score in scores] == [1, 2, 3, 4]
    for score in scores[1:]:
        numbers = labels[f"k{score['k']}"]
        expected = {
            "silhouette": metrics.silhouette_score(blobs, numbers),
            "calinski_harabasz": metrics.calinski_harabasz_score(blobs, numbers),
            "davies_bouldin": metrics.davies_bouldin_score(blobs, numbers),
        }
        assert {name: score[name] for name in expected} == pytest.approx(expected)


def test_with_one_cluster_or_one_for_each_area_only_inertia_is_defined():
    values = np.array([[0.0], [0.5], [1.0]])
    scores = score_labels(values, pa.table({"k1": [0, 0, 0], "k3": [0, 1, 2]}), 1)
    undefined = {"silhouette": None, "calinski_harabasz": None, "davies_bouldin": None}
    assert scores == [
        {"k": 1, "inertia": 0.5} | undefined,
        {"k": 3, "inertia": 0.0} | undefined,
    ]


def test_a_k_that_a_supergroup_is_too_small_for_is_skipped():
    labels = pa.table({"k1": [0, 0], "k2": pa.array([None, None], pa.int32())})
    assert [s["k"] for s in score_labels(np.array([[0.0], [1.0]]), labels, 1)] == [1]


def test_silhouettes_of_many_areas_are_those_of_a_fixed_sample(blobs, monkeypatch):
    monkeypatch.setattr(cluster_validity, "SILHOUETTE_AREAS", 60)
    labels = pa.table({"k3": np.repeat([0, 1, 2], [50, 30, 10])})
    (one,), (again,) = (score_labels(blobs, labels, 5) for _ in range(2))
    assert one["silhouette"] == again["silhouette"]
    expected = metrics.silhouette_score(
        blobs, labels["k3"].to_numpy(), sample_size=60, random_state=5
    )
    assert one["silhouette"] == pytest.approx(expected)


def test_inertia_equals_scikit_learns(blobs):
    fit = KMeans(3, n_init=3, random_state=0).fit(blobs)
    assert inertia(blobs, fit.labels_) == pytest.approx(fit.inertia_, rel=1e-9)


@pytest.mark.parametrize("limit", [10_000, 50])
def test_silhouettes_are_scikit_learns(monkeypatch, limit):
    """Also of a sample, with areas that are alike and one that is alone."""
    rng = np.random.default_rng(9)
    values = np.repeat(rng.normal(size=(60, 4)), 2, axis=0)
    distances = cdist(values, values)
    labels = {k: rng.integers(0, k, 120) for k in (2, 3, 7)}
    labels[3] = np.where(np.arange(120) == 5, 3, labels[3])
    monkeypatch.setattr(cluster_validity, "SILHOUETTE_AREAS", limit)
    found = cluster_validity.silhouettes(values, labels, 507)
    for k, own in labels.items():
        sample = {"sample_size": limit, "random_state": 507} if limit < 120 else {}
        expected = metrics.silhouette_score(
            distances, own, metric="precomputed", **sample
        )
        assert found[k] == pytest.approx(expected, abs=1e-7)
