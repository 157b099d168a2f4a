"""The step forests, against scikit-learn's own forests."""

from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import RidgeCV
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    mean_absolute_error,
    r2_score,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models_py.embeddings.applicability import applicability
from models_py.embeddings.conformal_sets import conformal_sets
from models_py.embeddings.forest_evidence import forest_evidence
from models_py.embeddings.forest_splits import forest_splits
from models_py.embeddings.forests import forests
from tests.models_py.embeddings.conftest import CLASSES, used_columns

PREDICTORS = ["noise", "health"]
USED = used_columns("decile", PREDICTORS)
DIMENSIONS = pa.table({"dimension": ["A00", "A01", "A02", "A03"]})
NO_BUFFER = pa.table({"fold": pa.array([], pa.int64()), "area": pa.array([], "str")})
FEATURES = {
    "socioeconomic": PREDICTORS,
    "embeddings": DIMENSIONS["dimension"].to_pylist(),
    "both": [*PREDICTORS, *DIMENSIONS["dimension"].to_pylist()],
}
LEARNING = {"class_weight": "balanced", "min_samples_leaf": 2, "random_state": 42}


@pytest.fixture(scope="module")
def splits(forest_inputs, blocks) -> pa.Table:
    """Give the splits of the 80 areas into train and test, and into 5 folds."""
    return forest_splits(forest_inputs, blocks, USED, CLASSES, 0.2, 5, "name", 42)


@pytest.fixture(scope="module")
def trained(forest_inputs, splits) -> pa.Table:
    """Give all forests, of 15 trees, with two areas in a leaf at least."""
    return forests(forest_inputs, splits, NO_BUFFER, DIMENSIONS, USED, 15, 12, 2, 4, 42)


def one(
    trained: pa.Table, feature_set: str, fold: int, validation: str = "blocked"
) -> dict:
    """Return the row of one forest; fold 0 is the single split."""
    kinds = ("single_split",) if fold == 0 else (validation,)
    rows = [
        row
        for row in trained.to_pylist()
        if (row["feature_set"], row["fold"]) == (feature_set, fold)
        and row["validation"] in kinds
    ]
    assert len(rows) == 1
    return rows[0]


def test_each_feature_set_has_one_forest_and_one_for_each_fold_of_each_kind(trained):
    assert trained.num_rows == 3 * (1 + 5 + 5)


@pytest.mark.parametrize("feature_set", FEATURES)
def test_the_single_split_predicts_what_scikit_learn_does(
    feature_set, trained, forest_inputs
):
    frame = forest_inputs.to_pandas().set_index("area")
    train, test, actual_train, actual = train_test_split(
        frame[FEATURES[feature_set]],
        frame["decile"],
        test_size=0.2,
        stratify=frame["decile"],
        random_state=42,
    )
    forest = RandomForestClassifier(15, **LEARNING)
    forest.fit(train, actual_train)
    row = one(trained, feature_set, 0)
    found = row["predictions"]
    assert [entry["area"] for entry in found] == test.index.tolist()
    assert [entry["actual"] for entry in found] == actual.tolist()
    assert [entry["predicted"] for entry in found] == forest.predict(test).tolist()
    assert [entry["probability"] for entry in found] == pytest.approx(
        forest.predict_proba(test).max(axis=1).tolist()
    )
    shuffled = permutation_importance(
        forest, test, actual, n_repeats=4, random_state=42
    )
    importances = row["importances"]
    assert [entry["feature"] for entry in importances] == FEATURES[feature_set]
    assert [entry["impurity"] for entry in importances] == pytest.approx(
        forest.feature_importances_.tolist()
    )
    assert [entry["permutation"] for entry in importances] == pytest.approx(
        shuffled.importances_mean.tolist()
    )
    assert [entry["permutation_spread"] for entry in importances] == pytest.approx(
        shuffled.importances_std.tolist()
    )


def test_a_blocked_forest_learns_from_the_other_folds_alone(
    trained, splits, forest_inputs
):
    frame = forest_inputs.to_pandas()
    fold = splits["fold"].to_numpy()
    forest = RandomForestClassifier(12, **LEARNING)
    forest.fit(frame[FEATURES["both"]][fold != 2], frame["decile"][fold != 2])
    row = one(trained, "both", 2)
    expected = forest.predict(frame[FEATURES["both"]][fold == 2])
    assert [entry["predicted"] for entry in row["predictions"]] == expected.tolist()
    assert row["rows_trained"] == (fold != 2).sum()
    assert row["importances"] == row["group_importances"] == []


def test_a_buffer_keeps_areas_from_training_the_fold_that_they_are_near(
    forest_inputs, splits
):
    near = [
        splits["area"][n].as_py() for n in range(80) if splits["fold"][n].as_py() > 1
    ]
    buffer = pa.table({"fold": [1, 1], "area": near[:2]})
    trained = forests(forest_inputs, splits, buffer, DIMENSIONS, USED, 2, 2, 1, 1, 42)
    learned = {n: one(trained, "both", n)["rows_trained"] for n in (1, 2)}
    sizes = {n: splits["fold"].to_pylist().count(n) for n in (1, 2)}
    assert learned == {1: 80 - sizes[1] - 2, 2: 80 - sizes[2]}


def test_a_buffer_that_reaches_every_area_is_refused(forest_inputs, splits):
    areas = splits["area"].to_pylist()
    buffer = pa.table({"fold": [1] * 80, "area": areas})
    with pytest.raises(ValueError, match="block_buffer leaves no area to learn from"):
        forests(forest_inputs, splits, buffer, DIMENSIONS, USED, 2, 2, 1, 1, 42)


def test_the_median_prediction_and_the_ordinal_baseline_are_scikit_learns(
    trained, splits, forest_inputs
):
    frame = forest_inputs.to_pandas()
    features, classes = frame[FEATURES["socioeconomic"]], frame["decile"]
    fold = splits["random_fold"].to_numpy()
    forest = RandomForestClassifier(12, **LEARNING)
    forest.fit(features[fold != 3], classes[fold != 3])
    shares = forest.predict_proba(features[fold == 3])
    medians = [
        next(
            c for c, s in zip((1, 2, 3), np.cumsum(row), strict=True) if s >= 0.5 - 1e-9
        )
        for row in shares
    ]
    line = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 7)))
    numbers = line.fit(features[fold != 3], classes[fold != 3]).predict(
        features[fold == 3]
    )
    row = one(trained, "socioeconomic", 3, "random")
    found = row["predictions"]
    assert [entry["predicted_median"] for entry in found] == medians
    expected = numbers.round().clip(1, 3).tolist()
    assert [entry["predicted_ordinal"] for entry in found] == expected
    learned = classes[fold != 3]
    assert row["majority_class"] == learned.mode()[0]
    assert row["median_class"] == learned.median()


def test_the_groups_of_a_single_split_are_its_predictors_and_dimensions(trained):
    groups = {
        feature_set: [
            (entry["feature_group"], entry["features"])
            for entry in one(trained, feature_set, 0)["group_importances"]
        ]
        for feature_set in FEATURES
    }
    assert groups == {
        "socioeconomic": [("socioeconomic", 2)],
        "embeddings": [("embeddings", 4)],
        "both": [("socioeconomic", 2), ("embeddings", 4)],
    }


@pytest.mark.parametrize("validation", ["random", "blocked"])
def test_every_area_is_tested_once_over_the_folds(validation, trained, forest_inputs):
    tested = [
        entry["area"]
        for fold in range(1, 6)
        for entry in one(trained, "embeddings", fold, validation)["predictions"]
    ]
    assert sorted(tested) == forest_inputs["area"].to_pylist()


def test_the_same_seed_gives_the_same_table(trained, forest_inputs, splits):
    again = forests(
        forest_inputs, splits, NO_BUFFER, DIMENSIONS, USED, 15, 12, 2, 4, 42
    )
    assert again.equals(trained)


def test_features_are_learned_in_the_order_that_was_asked_for(
    trained, forest_inputs, splits
):
    """In whatever order their names come: so the forest is scikit-learn's own."""
    used, dimensions = USED.sort_by("variable"), DIMENSIONS[::-1]
    again = forests(
        forest_inputs, splits, NO_BUFFER, dimensions, used, 15, 12, 2, 4, 42
    )
    assert again.equals(trained)


def test_embeddings_that_hold_the_target_are_found_out(trained):
    hits = [
        e["actual"] == e["predicted"] for e in one(trained, "both", 0)["predictions"]
    ]
    assert np.mean(hits) == 1


def test_without_predictors_it_is_said_what_is_missing(forest_inputs, splits):
    with pytest.raises(ValueError, match="predictors is empty; name at least one"):
        forests(
            forest_inputs,
            splits,
            NO_BUFFER,
            DIMENSIONS,
            used_columns("decile", []),
            15,
            12,
            2,
            4,
            42,
        )


# --- What is made of the forests' predictions -----------------------------------------


@pytest.fixture(scope="module")
def numbers(forest_inputs, blocks) -> tuple[pa.Table, pa.Table]:
    """Give splits and forests of a target that is a number."""
    target = forest_inputs["health"].to_numpy() * 2.5
    inputs = forest_inputs.set_column(1, "decile", pa.array(target))
    kind = pa.table({"kind": ["number"]})
    splits = forest_splits(inputs, blocks, USED, kind, 0.2, 5, "name", 42)
    return inputs, forests(
        inputs, splits, NO_BUFFER, DIMENSIONS, USED, 15, 12, 2, 4, 42
    )


def test_a_number_is_predicted_as_scikit_learns_regressor_does(numbers, splits):
    inputs, trained = numbers
    frame, row = inputs.to_pandas(), one(trained, "both", 2)
    tested = splits["fold"].to_numpy() == 2
    features = frame[FEATURES["both"]].to_numpy().astype(np.float32)
    expected = RandomForestRegressor(
        12, max_features=1 / 3, min_samples_leaf=2, random_state=42
    )
    expected.fit(features[~tested], frame["decile"][~tested])
    found = pa.Table.from_pylist(row["predictions"]).to_pandas()
    assert found["actual"].tolist() == frame["decile"][tested].tolist()
    assert found["predicted"].to_numpy() == pytest.approx(
        expected.predict(features[tested])
    )
    assert row["majority_class"] == pytest.approx(frame["decile"][~tested].mean())


def flat_predictions(trained: pa.Table) -> pa.Table:
    """Return the predictions of all forests as forest_predictions.sql does."""
    kept = ("feature_set", "validation", "fold", "majority_class", "median_class")
    rows = [
        {name: row[name] for name in kept} | test
        for row in trained.to_pylist()
        for test in row["predictions"]
    ]
    return pa.Table.from_pylist(rows)


SCORES = {
    "accuracy": accuracy_score,
    "label_error": mean_absolute_error,
    "quadratic_weighted_kappa": partial(cohen_kappa_score, weights="quadratic"),
}


@pytest.mark.parametrize("measure", SCORES)
@pytest.mark.parametrize("validation", ["random", "blocked"])
def test_evidence_is_scikit_learns_score_of_all_folds_with_an_interval(
    validation, measure, trained, splits
):
    predictions = flat_predictions(trained)
    table = forest_evidence(predictions, splits, CLASSES, 42).to_pandas()
    assert len(table) == 2 * (4 + 6) * 3
    assert (table["blocks"] == 8).all()
    keys = ["validation", "measure", "feature_set", "baseline"]
    rows = table.set_index(keys).sort_index().loc[validation, measure]
    frame = predictions.to_pandas()
    own = frame[frame["validation"] == validation]
    expected = {
        name: SCORES[measure](group["actual"], group["predicted"])
        for name, group in own.groupby("feature_set")
    }
    group = own[own["feature_set"] == "both"]
    guess = "median_class" if measure == "label_error" else "majority_class"
    expected["majority"] = SCORES[measure](group["actual"], group[guess])
    for name, score in expected.items():
        found = rows.loc[name, "none"]
        assert found["value"] == pytest.approx(score)
        assert found["low"] <= found["value"] <= found["high"]
    for one, other in rows.index[rows.index.get_level_values("baseline") != "none"]:
        gain = rows.loc[(one, other), "value"]
        assert gain == pytest.approx(expected[one] - expected[other])


@pytest.mark.parametrize("validation", ["random", "blocked"])
def test_what_is_known_of_nothing_is_scikit_learns_dummy(
    validation, trained, forest_inputs, splits
):
    row = one(trained, "both", 1, validation)
    fold = splits["fold" if validation == "blocked" else "random_fold"].to_numpy()
    target = forest_inputs["decile"].to_numpy()[fold != 1]
    dummy = DummyClassifier(strategy="most_frequent").fit(target, target)
    assert row["majority_class"] == dummy.predict([0])[0]


def test_numbers_have_evidence_by_r_squared(numbers, splits):
    predictions = flat_predictions(numbers[1])
    kind = pa.table({"kind": ["number"]})
    table = forest_evidence(predictions, splits, kind, 42).to_pandas()
    frame = predictions.to_pandas()
    own = frame[(frame["validation"] == "random") & (frame["feature_set"] == "both")]
    keys = ["validation", "feature_set", "baseline", "measure"]
    found = table.set_index(keys).loc["random", "both", "none", "r_squared"]
    assert found["value"] == pytest.approx(r2_score(own["actual"], own["predicted"]))


@pytest.mark.parametrize("kind", ["classes", "number"])
def test_each_area_has_a_set_that_mostly_holds_its_target(kind, trained, numbers):
    source = trained if kind == "classes" else numbers[1]
    table = conformal_sets(source, pa.table({"kind": [kind]}), 0.9).to_pandas()
    assert len(table) == 3 * 80
    actual = flat_predictions(source).to_pandas()
    actual = actual[actual["validation"] == "blocked"]
    joined = table.merge(actual, on=["area", "feature_set", "fold"])
    within = joined["actual"].between(joined["lower"], joined["upper"])
    assert (within | ~joined["is_covered"]).all()
    assert table.groupby("feature_set")["is_covered"].mean().min() > 0.8


def test_areas_like_none_that_trains_are_outside(forest_inputs, splits):
    features = forest_inputs.drop_columns("decile")
    far = {name: [99.0] for name in features.column_names} | {"area": ["X"]}
    features = pa.concat_tables([features, pa.table(far)])
    rows = [
        {"feature_set": name, "feature": feature, "impurity": 0.5}
        for name, own in FEATURES.items()
        for feature in own
    ]
    table = applicability(features, splits, pa.Table.from_pylist(rows), 42).to_pandas()
    outside = table[table["area"] == "X"]
    assert not outside["is_inside"].any()
    assert not outside["has_target"].any()
    assert table[table["has_target"]]["is_inside"].mean() > 0.9
