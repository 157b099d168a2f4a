"""Block bootstrap of scores, against scikit-learn's scores of the rows drawn."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    mean_absolute_error,
    r2_score,
)

from models_py.methods.block_bootstrap import (
    DRAWS,
    draw_blocks,
    interval,
    scores_of,
    sums_by_block,
)

RNG = np.random.default_rng(6)
ACTUAL = RNG.integers(1, 6, 200)
PREDICTED = np.clip(ACTUAL + RNG.integers(-1, 2, 200), 1, 5)
PLACE = RNG.integers(0, 9, 200)


def test_each_draw_is_scored_as_scikit_learn_scores_its_rows():
    draws = draw_blocks(9, 42)
    assert draws.shape == (1 + DRAWS, 9)
    assert (draws.sum(axis=1) == 9).all()
    found = scores_of(draws @ sums_by_block(ACTUAL, PREDICTED, PLACE))
    for number in (0, 1, 77):
        rows = np.repeat(np.arange(200), draws[number][PLACE])
        a, p = ACTUAL[rows], PREDICTED[rows]
        expected = {
            "accuracy": accuracy_score(a, p),
            "label_error": mean_absolute_error(a, p),
            "quadratic_weighted_kappa": cohen_kappa_score(a, p, weights="quadratic"),
            "r_squared": r2_score(a, p),
        }
        assert {k: v[number] for k, v in found.items()} == pytest.approx(expected)


def test_an_interval_is_numpys_and_nothing_known_has_none():
    draws = np.append(np.arange(1000.0), np.nan)
    assert interval(draws) == tuple(np.quantile(draws[:-1], [0.025, 0.975]))
    assert np.isnan(interval(np.array([np.nan]))).all()
