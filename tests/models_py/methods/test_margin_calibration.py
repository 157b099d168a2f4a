"""The curve from margin to probability."""

import numpy as np
from sklearn.isotonic import IsotonicRegression

from models_py.methods.margin_calibration import calibration_curve


def test_the_curve_starts_at_0_and_only_grows():
    rng = np.random.default_rng(5)
    margins = rng.random(3000)
    curve = np.array(calibration_curve(margins, rng.random(3000) < 0.5 + margins / 2))
    assert curve[0, 0] == 0
    assert (np.diff(curve[:, 0]) > 0).all() and (np.diff(curve[:, 1]) >= 0).all()


def test_it_finds_the_chance_that_made_the_data():
    rng = np.random.default_rng(6)
    margins = rng.random(40_000)
    is_right = rng.random(40_000) < 0.5 + margins / 2
    at, chance = np.array(calibration_curve(margins, is_right)).T
    np.testing.assert_allclose(chance, 0.5 + at / 2, atol=0.03)


def test_three_areas_are_enough():
    curve = calibration_curve(np.array([0.1, 0.5, 0.9]), np.array([0, 1, 1]))
    assert curve == [(0.0, 0.0), (0.1, 0.0), (0.5, 1.0), (0.9, 1.0)]


def test_bands_are_fitted_as_scikit_learn_fits_them():
    """Twelve areas, a band each, of which three have the same margin."""
    margins = np.array([0.1, 0.2, 0.2, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    is_right = np.array([0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1])
    at, chance = np.array(calibration_curve(margins, is_right)).T
    expected = IsotonicRegression(out_of_bounds="clip").fit(margins, is_right)
    np.testing.assert_allclose(chance, expected.predict(at))
