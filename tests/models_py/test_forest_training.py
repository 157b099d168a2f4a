"""models_py/forest_training.py: the fast engine against scikit-learn."""

import re

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from models_py.methods.random_forest import (
    Forest,
    class_shares,
    predict_shuffled,
    train_forest,
)

RNG = np.random.default_rng(30)
SKEWED = np.exp(RNG.normal(size=(400, 9)))
CLASSES = np.digitize(SKEWED[:, 0] + RNG.random(400), [0.7, 1.2, 2.0, 4.0])
# Whole numbers have ties, and rows that are alike in all but their class.
COUNTS = np.minimum(RNG.poisson(1, (300, 3)), 3)
# Trees see no difference of 1e-7, but one of 2e-7; here are both and less.
NEAR = RNG.integers(0, 30, (300, 5)) * 4e-8 + RNG.random(5)

SHAPES = {
    "skewed values": (SKEWED, CLASSES),
    "ties and mixed leaves": (COUNTS, RNG.integers(0, 3, 300)),
    "values nearly alike": (NEAR, RNG.integers(0, 4, 300)),
    "constants": (SKEWED * [1, 0, 0, 0, 1, 0, 0, 0, 1], CLASSES),
    "nothing but constants": (np.ones((60, 3)), RNG.integers(0, 2, 60)),
    "one feature": (SKEWED[:, :1], CLASSES),
    "two classes, one of them rare": (SKEWED, np.arange(400) % 50 == 0),
    "one class": (SKEWED, np.full(400, 7)),
    "names of classes": (SKEWED, np.array(list("zyxwv"))[CLASSES]),
    "huge values": (SKEWED * 1e30, CLASSES),
    "three areas": (SKEWED[:3], np.arange(3)),
    "more areas than 16 bits count": (
        RNG.integers(0, 50_000, (40_000, 2)) / 7,
        RNG.integers(0, 3, 40_000),
    ),
}


def assert_equal(one: Forest, other: Forest) -> None:
    """Fail where two forests differ in anything."""
    for name in Forest._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


@pytest.mark.parametrize("shape", SHAPES)
def test_both_engines_grow_the_same_trees_to_the_last_digit(shape):
    features, classes = SHAPES[shape]
    trees = 2 if len(features) > 1000 else 12
    fast = train_forest(features, classes, trees, 42)
    assert_equal(fast, train_forest(features, classes, trees, 42, "scikit-learn"))


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_any_seed_gives_scikit_learns_trees(seed):
    fast = train_forest(SKEWED, CLASSES, 12, seed)
    assert_equal(fast, train_forest(SKEWED, CLASSES, 12, seed, "scikit-learn"))


def test_seeds_give_different_trees():
    one, other = (train_forest(SKEWED, CLASSES, 12, seed) for seed in (1, 2))
    assert not np.array_equal(one.importances, other.importances)


def test_the_forest_is_the_same_on_any_number_of_threads(monkeypatch):
    orders = np.array([RNG.permutation(100) for _ in range(3)])
    forests, shares, predicted = [], [], []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("LOKY_MAX_CPU_COUNT", threads)
        forest = train_forest(SKEWED[100:], CLASSES[100:], 32, 42)
        forests.append(forest)
        shares.append(class_shares(forest, SKEWED[:100]))
        predicted.append(predict_shuffled(forest, SKEWED[:100], orders))
    for other in (1, 2):
        assert_equal(forests[0], forests[other])
        np.testing.assert_array_equal(shares[0], shares[other])
        np.testing.assert_array_equal(predicted[0], predicted[other])


@pytest.mark.parametrize(
    ("shape", "trees"), [("skewed values", 60), ("ties and mixed leaves", 5)]
)
def test_shares_and_shuffled_predictions_are_scikit_learns(shape, trees):
    """Votes of mixed leaves are no whole numbers: what wins hangs on the last digit."""
    features, classes = SHAPES[shape]
    features = features.astype(np.float32)
    expected = RandomForestClassifier(trees, class_weight="balanced", random_state=5)
    expected.fit(features[150:], classes[150:])
    forest = train_forest(features[150:], classes[150:], trees, 5)
    tested = features[:150]
    np.testing.assert_array_equal(
        class_shares(forest, tested), expected.predict_proba(tested)
    )
    orders = np.array([RNG.permutation(150) for _ in range(4)])
    predicted = predict_shuffled(forest, tested, orders)
    for feature in range(features.shape[1]):
        for repeat, order in enumerate(orders):
            shuffled = tested.copy()
            shuffled[:, feature] = tested[order, feature]
            np.testing.assert_array_equal(
                predicted[feature, repeat], expected.predict(shuffled)
            )


def test_without_a_cut_importances_are_zero():
    features, classes = SHAPES["nothing but constants"]
    forest = train_forest(features, classes, 5, 42)
    assert forest.importances.tolist() == [0, 0, 0]
    assert len(forest.nodes) == 5
    assert class_shares(forest, features[:1]).sum() == pytest.approx(1)


@pytest.mark.parametrize("engine", ["fast", "scikit-learn"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_32_bits_cannot_hold_is_refused(engine, value):
    features = SKEWED.copy()
    features[20, 3] = value
    with pytest.raises(ValueError, match=re.escape(f"row 21 has {value} in feat")):
        train_forest(features, CLASSES, 5, 42, engine)


def test_more_classes_than_fit_a_key_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match="4,096 classes; use --set"):
        train_forest(np.arange(4097.0)[:, None], np.arange(4097), 1, 42)
