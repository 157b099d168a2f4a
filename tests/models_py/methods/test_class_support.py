"""How often areas keep their class when the areas are drawn anew."""

import numpy as np
from sklearn.cluster import KMeans

from models_py.methods.class_support import class_support, lloyd

RNG = np.random.default_rng(9)
POSITIONS = np.concatenate([RNG.normal(centre, 0.7, (80, 3)) for centre in (0, 2, 5)])
TOP = np.repeat(["A", "A", "B"], 80)
CLASSES = np.repeat(["A1", "A2", "B1"], 80)
NOTHING = np.full(240, "")


def test_weighted_k_means_equals_scikit_learns():
    weights = RNG.integers(0, 4, 240)
    start = POSITIONS[[0, 100, 200]]
    fit = KMeans(3, init=start, n_init=1, algorithm="lloyd", tol=0)
    fit.fit(POSITIONS, sample_weight=weights)
    assert (lloyd(POSITIONS, weights, start) == fit.predict(POSITIONS)).all()


def test_areas_far_from_the_border_always_keep_their_class():
    margins, support = class_support(POSITIONS, TOP, NOTHING, seed=1)
    assert (support[margins > 0.6] == 1).all()
    assert support.min() < 1


def test_areas_are_tried_within_the_class_above():
    margins, support = class_support(POSITIONS, CLASSES, TOP, seed=1)
    assert np.isnan(margins[160:]).all() and np.isnan(support[160:]).all()
    low = margins[:160] < 0.1
    assert support[:160][low].mean() < support[:160][~low].mean()


def test_the_same_seed_gives_the_same_support():
    first, second = (
        class_support(POSITIONS, TOP, NOTHING, seed=4)[1] for _ in range(2)
    )
    assert (first == second).all()
