"""models_py/methods/gap_statistic.py on planted clusters."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from models_py.methods.gap_statistic import reference_log_inertias, reference_rows


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray]:
    """Give 240 areas in four well separated places, and the number of each."""
    rng = np.random.default_rng(3)
    centres = np.array([[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]])
    labels = np.repeat(np.arange(4), 60)
    return centres[labels] + rng.normal(0, 0.4, (240, 3)), labels


def test_references_fill_the_box_along_the_principal_axes(planted):
    values = planted[0]
    drawn = reference_rows(values, np.random.default_rng(1))
    mean = values.mean(axis=0)
    _, _, axes = np.linalg.svd(values - mean, full_matrices=False)
    box, inside = (values - mean) @ axes.T, (drawn - mean) @ axes.T
    assert drawn.shape == values.shape
    assert (inside >= box.min(axis=0) - 1e-9).all()
    assert (inside <= box.max(axis=0) + 1e-9).all()
    assert np.ptp(inside, axis=0) == pytest.approx(np.ptp(box, axis=0), rel=0.1)


def test_reference_log_inertias_equal_scikit_learns(planted):
    values = planted[0]
    found = reference_log_inertias(values, 3, 4, restarts=10, seed=5)
    random = np.random.default_rng(5)
    sets = [reference_rows(values, random) for _ in range(4)]
    for k in (1, 2, 3):
        logs = [
            np.log(KMeans(k, n_init=20, random_state=0).fit(rows).inertia_)
            for rows in sets
        ]
        assert found[k].mean == pytest.approx(np.mean(logs), rel=1e-3)
        assert found[k].spread == pytest.approx(np.std(logs), abs=5e-3)
