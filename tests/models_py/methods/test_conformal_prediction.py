"""Conformal sets: NumPy's own quantile of the other folds, and what is covered."""

import numpy as np
import pytest

from models_py.methods.conformal_prediction import (
    class_misses,
    class_sets,
    fold_limits,
)

RNG = np.random.default_rng(7)


def test_limits_are_the_quantile_of_the_other_folds():
    missed, fold = RNG.random(300), np.arange(300) % 3
    limits = fold_limits(missed, fold, 0.9)
    for number in range(3):
        others = missed[fold != number]
        level = np.ceil(0.9 * (len(others) + 1)) / len(others)
        expected = np.quantile(others, level, method="inverted_cdf")
        assert (limits[fold == number] == expected).all()


def test_too_few_others_set_no_limit():
    assert np.isinf(fold_limits(np.zeros(4), np.array([0, 0, 1, 1]), 0.9)).all()


def test_sets_hold_the_truth_as_often_as_asked_and_are_no_wider_than_needed():
    actual = RNG.integers(0, 5, 4000)
    shares = RNG.dirichlet(np.ones(5), 4000)
    shares[np.arange(4000), actual] += 0.3
    shares /= shares.sum(axis=1, keepdims=True)
    held = class_sets(shares, actual, np.arange(4000) % 5, 0.9)
    assert abs(held[np.arange(4000), actual].mean() - 0.9) < 0.01
    assert held[np.arange(4000), shares.argmax(axis=1)].all()
    assert held.sum(axis=1).mean() < 3.5


def votes_of(trees: int, areas: int) -> tuple[np.ndarray, np.ndarray]:
    """Return votes (n, 10) for classes in an order, and the true ones (n,).

    Each tree errs by two or three classes.
    """
    actual = RNG.integers(0, 10, areas)
    middle = actual + RNG.normal(0, 1.5, areas)
    voted = (middle[:, None] + RNG.normal(0, 1.5, (areas, trees))).round().clip(0, 9)
    shares = np.stack([(voted == place).mean(axis=1) for place in range(10)], axis=1)
    return shares, actual


@pytest.mark.parametrize("trees", [3, 10, 60])
def test_sets_say_something_however_few_trees_vote(trees):
    """Of 3 trees, a third of the true classes have no vote: 1 - votes is 1 for them."""
    shares, actual = votes_of(trees, 4000)
    held = class_sets(shares, actual, np.arange(4000) % 5, 0.9)
    assert abs(held[np.arange(4000), actual].mean() - 0.9) < 0.02
    assert held.sum(axis=1).mean() < 8


def test_of_classes_without_a_vote_those_next_to_the_votes_are_likelier():
    misses = class_misses(np.array([[0, 0, 0.5, 0.5, 0, 0]]))[0]
    assert np.argsort(misses, kind="stable").tolist() == [2, 3, 1, 4, 0, 5]
    assert misses.round(3).tolist() == [1, 1, 0.5, 0.5, 1, 1]
