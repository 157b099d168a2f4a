"""models_py/methods/autoencoder.py against scikit-learn's principal components."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from models_py.methods.autoencoder import autoencode


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Give 400 areas whose 12 variables follow 2 hidden ones along a curve."""
    rng = np.random.default_rng(8)
    hidden = rng.uniform(-1, 1, (400, 2))
    bent = np.column_stack([hidden, hidden**2, np.sin(3 * hidden)])
    return bent @ rng.normal(size=(6, 12)) + rng.normal(0, 0.02, (400, 12))


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
