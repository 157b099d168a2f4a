"""The dissimilarity index, against its definition with SciPy's distances."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from sklearn.preprocessing import StandardScaler

from models_py.methods.area_of_applicability import applicability

RNG = np.random.default_rng(8)
KNOWN, FOLD = RNG.normal(size=(120, 3)) * [1, 5, 0.1], np.arange(120) % 4 + 1
OTHERS = np.vstack([KNOWN[:3], [[9, 90, 9]]])
WEIGHTS = np.array([0.5, 0.3, 0.2])


def test_indices_are_nearest_distances_over_the_mean_distance():
    found = applicability(KNOWN, FOLD, OTHERS, WEIGHTS, 42)
    scaler = StandardScaler().fit(KNOWN)
    known, others = (scaler.transform(rows) * WEIGHTS for rows in (KNOWN, OTHERS))
    usual = pdist(known).mean()
    apart = cdist(known, known)
    apart[FOLD[:, None] == FOLD[None, :]] = np.inf
    own = apart.min(axis=1) / usual
    assert found.trained == pytest.approx(own)
    assert found.others == pytest.approx(cdist(others, known).min(axis=1) / usual)
    lower, upper = np.quantile(own, [0.25, 0.75])
    kept = own[own <= upper + 1.5 * (upper - lower)]
    assert found.threshold == pytest.approx(kept.max())


def test_what_is_known_is_inside_and_what_lies_far_off_outside():
    found = applicability(KNOWN, FOLD, OTHERS, WEIGHTS, 42)
    assert (found.others <= found.threshold).tolist() == [True, True, True, False]


def test_a_feature_of_no_importance_and_one_without_spread_count_for_nothing():
    constant = np.column_stack([KNOWN, np.ones(120), RNG.normal(size=120)])
    asked = np.column_stack([OTHERS, np.ones(4), np.full(4, 99.0)])
    found = applicability(constant, FOLD, asked, np.array([0.5, 0.3, 0.2, 1, 0]), 42)
    plain = applicability(KNOWN, FOLD, OTHERS, WEIGHTS, 42)
    assert found.others == pytest.approx(plain.others)
    assert applicability(KNOWN, FOLD, OTHERS[:0], WEIGHTS, 42).others.size == 0
