"""models_py/methods/pca.py against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from models_py.methods.pca import (
    component_scores,
    components_for,
    first_component,
    principal_components,
)


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Give 400 areas whose 12 variables follow 2 hidden ones along a curve."""
    rng = np.random.default_rng(8)
    hidden = rng.uniform(-1, 1, (400, 2))
    bent = np.column_stack([hidden, hidden**2, np.sin(3 * hidden)])
    return bent @ rng.normal(size=(6, 12)) + rng.normal(0, 0.02, (400, 12))


def test_components_equal_scikit_learns(values):
    found = principal_components(values)
    expected = PCA().fit(values)
    assert found.eigenvalues == pytest.approx(expected.explained_variance_)
    agreement = np.abs((found.vectors * expected.components_).sum(axis=1))
    assert agreement == pytest.approx(np.ones(12))


def test_scores_equal_scikit_learns_but_for_the_sign(values):
    found = component_scores(values, 0.9)
    expected = PCA(0.9, svd_solver="full").fit_transform(values)
    assert found.shape == expected.shape
    assert np.abs(found) == pytest.approx(np.abs(expected))


@pytest.mark.parametrize(
    ("share", "count"), [(0.5, 1), (0.51, 2), (0.8, 2), (0.81, 3), (1.0, 4)]
)
def test_components_are_counted_until_they_reach_the_share(share, count):
    assert components_for(np.array([5.0, 3.0, 1.5, 0.5]), share) == count


def test_scores_on_all_components_keep_every_distance(values):
    scores = component_scores(values, 1.0)
    assert np.linalg.norm(scores[0] - scores[1]) == pytest.approx(
        np.linalg.norm(values[0] - values[1])
    )


def test_the_first_component_equals_scikit_learns_up_to_the_sign(values):
    expected = PCA(1).fit_transform(values)[:, 0]
    found = first_component(values)
    np.testing.assert_allclose(
        found, expected * np.sign(found @ expected), rtol=0, atol=1e-12
    )


def test_its_sign_makes_the_largest_loading_positive():
    ramp = np.linspace(0, 1, 5)
    found = first_component(np.column_stack([-3 * ramp, ramp]))
    # The largest loading is the first variable's, which falls along the ramp.
    assert np.all(np.diff(found) < 0)


def test_one_variable_is_its_own_first_component():
    np.testing.assert_allclose(
        first_component(np.array([[1.0], [2.0], [6.0]])), [-2, -1, 3], atol=1e-12
    )
