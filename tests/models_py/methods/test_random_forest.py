"""models_py/methods/random_forest.py against scikit-learn."""

import re

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance

from models_py.embeddings.forests import feature_groups
from models_py.methods import random_forest
from models_py.methods.random_forest import (
    importances,
    shuffled_scores,
    shuffles,
    train_forest,
)

RNG = np.random.default_rng(30)
SKEWED = np.exp(RNG.normal(size=(400, 9))).astype(np.float32)
CLASSES = np.digitize(SKEWED[:, 0] + RNG.random(400), [0.7, 1.2, 2.0, 4.0])
TESTED, ACTUAL = SKEWED[:100], CLASSES[:100]
GROUPS = {"causes": ["x0", "x1"], "others": [f"y{n}" for n in range(7)]}


@pytest.fixture(scope="module")
def forest() -> RandomForestClassifier:
    """Give a forest of 30 trees that has learned from the last 300 areas."""
    return train_forest(SKEWED[100:], CLASSES[100:], 30, 2, 42)


def of_all(forest: RandomForestClassifier, repeats: int = 4) -> dict[str, list[dict]]:
    """Return the importances of both groups and their features."""
    predicted = forest.predict(TESTED)
    orders = shuffles(100, repeats, 42)
    return importances(forest, GROUPS, TESTED, ACTUAL, predicted, orders)


def test_the_forest_is_scikit_learns(forest):
    expected = RandomForestClassifier(
        30, class_weight="balanced", min_samples_leaf=2, random_state=42
    )
    expected.fit(SKEWED[100:], CLASSES[100:])
    np.testing.assert_array_equal(
        forest.predict_proba(TESTED), expected.predict_proba(TESTED)
    )


def test_trees_and_importances_are_the_same_on_any_number_of_threads(monkeypatch):
    found = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("LOKY_MAX_CPU_COUNT", threads)
        grown = train_forest(SKEWED[100:], CLASSES[100:], 30, 2, 42)
        found.append((grown.predict_proba(TESTED).tolist(), of_all(grown)))
    assert found[0] == found[1] == found[2]


def test_importances_of_few_features_are_scikit_learns(forest):
    expected = permutation_importance(
        forest, TESTED, ACTUAL, n_repeats=4, random_state=42
    )
    found = of_all(forest)["importances"]
    assert [row["feature"] for row in found] == [*GROUPS["causes"], *GROUPS["others"]]
    for name, wanted in {
        "impurity": forest.feature_importances_,
        "permutation": expected.importances_mean,
        "permutation_spread": expected.importances_std,
    }.items():
        assert [row[name] for row in found] == pytest.approx(wanted.tolist())


def test_of_a_large_group_only_the_leading_features_are_shuffled(forest, monkeypatch):
    everything = of_all(forest)["importances"]
    monkeypatch.setattr(random_forest, "LEADING", 3)
    found = of_all(forest)["importances"]
    leading = np.argsort(-forest.feature_importances_)[:3].tolist()
    for place, row in enumerate(found):
        # The group of two is no larger than three.
        is_shuffled = place < 2 or place in leading
        assert row == everything[place] if is_shuffled else "permutation" not in row
    assert sum("permutation" in row for row in found) < 9


def test_a_group_is_shuffled_as_a_whole(forest):
    orders = shuffles(100, 4, 42)
    accuracies = []
    for order in orders:
        shuffled = TESTED.copy()
        shuffled[:, :2] = TESTED[order, :2]
        accuracies.append((forest.predict(shuffled) == ACTUAL).mean())
    falls = (forest.predict(TESTED) == ACTUAL).mean() - np.array(accuracies)
    causes, others = of_all(forest)["group_importances"]
    assert (causes["feature_group"], causes["features"]) == ("causes", 2)
    assert causes["permutation"] == pytest.approx(falls.mean())
    assert causes["permutation_spread"] == pytest.approx(falls.std())
    assert causes["permutation"] > others["permutation"]


@pytest.mark.parametrize("rows", [1, 1000, 10**6])
def test_how_many_are_predicted_together_makes_no_difference(rows, forest, monkeypatch):
    chosen = [[0], [1, 2], [3], [4], [5]]
    orders = shuffles(100, 3, 1)
    expected = shuffled_scores(forest, TESTED, ACTUAL, chosen, orders)
    monkeypatch.setattr(random_forest, "ROWS_AT_ONCE", rows)
    found = shuffled_scores(forest, TESTED, ACTUAL, chosen, orders)
    np.testing.assert_array_equal(found, expected)


def test_a_set_has_its_groups_and_both_have_two():
    assert feature_groups(["health"], ["A00", "A01"]) == {
        "socioeconomic": {"socioeconomic": ["health"]},
        "embeddings": {"embeddings": ["A00", "A01"]},
        "both": {"socioeconomic": ["health"], "embeddings": ["A00", "A01"]},
    }


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_32_bits_cannot_hold_is_refused(value):
    features = SKEWED.astype(float)
    features[20, 3] = value
    with pytest.raises(ValueError, match=re.escape(f"row 21 has {value} in feat")):
        train_forest(features, CLASSES, 5, 1, 42)
