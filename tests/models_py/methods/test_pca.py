"""models_py/methods/pca.py against scikit-learn."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.decomposition import PCA

from models_py.methods.pca import (
    autoencode,
    component_scores,
    components_for,
    principal_components,
    weighted_variables,
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
    n = len(values)
    assert found.eigenvalues == pytest.approx(
        expected.explained_variance_ * (n - 1) / n
    )
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


def test_the_autoencoder_follows_a_curve_that_components_can_not():
    rng = np.random.default_rng(8)
    place = rng.uniform(-1, 1, 400)
    curve = [place, place**2, np.cos(3 * place), np.sin(3 * place)]
    values = np.column_stack(curve) + rng.normal(0, 0.01, (400, 4))
    restored = autoencode(values, 1, 1).reconstructed
    lost = np.square(restored - values).sum() / np.square(values - values.mean(0)).sum()
    components = 1 - PCA(1).fit(values).explained_variance_ratio_.sum()
    assert lost < 0.02  # measured: 0.003
    assert components > 0.4


def test_the_features_are_few_bounded_and_the_same_again(values):
    features = autoencode(values, 3, 1).features
    assert features.shape == (400, 3)
    assert np.abs(features).max() <= 1
    assert (features == autoencode(values, 3, 1).features).all()
    assert (features != autoencode(values, 3, 2).features).any()


def test_the_features_restore_what_the_net_restores(values):
    """The layer that is read is the one in the middle: the rest of the net fits it."""
    encoding = autoencode(values, 2, 1)
    basis = np.column_stack([encoding.features, np.ones(400)])
    left = values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
    total = np.square(values - values.mean(0)).sum()
    assert np.square(left).sum() / total < 0.6


def test_weights_are_taken_by_name_and_rooted():
    scaled = pa.table({"area": ["E1"], "v01": [1.0], "v02": [1.0], "v03": [1.0]})
    weighting = pa.table({"variable": ["v03", "v01"], "weight": [4.0, 1.0]})
    matrix = weighted_variables(scaled, weighting)
    assert matrix.variables == ["v01", "v03"]
    assert matrix.values.tolist() == [[1.0, 2.0]]
