"""models_py/methods/gap_statistic.py: the gap statistic and stability, on planted clusters."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from models_py import evidence


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray]:
    """Give 240 areas in four well separated places, and the number of each."""
    rng = np.random.default_rng(3)
    centres = np.array([[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]])
    labels = np.repeat(np.arange(4), 60)
    return centres[labels] + rng.normal(0, 0.4, (240, 3)), labels


def test_references_fill_the_box_along_the_principal_axes(planted):
    values = planted[0]
    drawn = evidence.reference_rows(values, np.random.default_rng(1))
    mean = values.mean(axis=0)
    _, _, axes = np.linalg.svd(values - mean, full_matrices=False)
    box, inside = (values - mean) @ axes.T, (drawn - mean) @ axes.T
    assert drawn.shape == values.shape
    assert (inside >= box.min(axis=0) - 1e-9).all()
    assert (inside <= box.max(axis=0) + 1e-9).all()
    assert np.ptp(inside, axis=0) == pytest.approx(np.ptp(box, axis=0), rel=0.1)


def test_reference_log_inertias_equal_scikit_learns(planted):
    values = planted[0]
    found = evidence.reference_log_inertias(values, 3, 4, restarts=10, seed=5)
    random = np.random.default_rng(5)
    sets = [evidence.reference_rows(values, random) for _ in range(4)]
    for k in (1, 2, 3):
        logs = [
            np.log(KMeans(k, n_init=20, random_state=0).fit(rows).inertia_)
            for rows in sets
        ]
        assert found[k].mean == pytest.approx(np.mean(logs), rel=1e-3)
        assert found[k].spread == pytest.approx(np.std(logs), abs=5e-3)


def test_planted_clusters_come_back_from_every_sample(planted):
    values, labels = planted
    agreements = evidence.bootstrap_agreement(values, labels, 5, restarts=10, seed=1)
    assert agreements == [1.0] * 5


def test_clusters_by_chance_do_not_come_back(planted):
    values, labels = planted
    shuffled = np.random.default_rng(2).permutation(labels)
    agreements = evidence.bootstrap_agreement(values, shuffled, 3, restarts=5, seed=1)
    assert max(agreements) < 0.1


def test_the_nearest_centroid_is_scikit_learns(planted):
    values = planted[0]
    model = KMeans(4, n_init=5, random_state=1).fit(values)
    found = evidence.nearest_centroids(values, model.cluster_centers_)
    assert adjusted_rand_score(found, model.labels_) == 1


def test_of_many_areas_a_fixed_sample_in_order_is_taken(monkeypatch):
    monkeypatch.setattr(evidence, "SAMPLE_AREAS", 10)
    rows = evidence.sampled_rows(100, 1)
    assert len(set(rows)) == 10
    assert list(rows) == sorted(evidence.sampled_rows(100, 1))
    assert list(evidence.sampled_rows(10, 1)) == list(range(10))
