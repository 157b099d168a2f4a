"""Random forests of ordered classes or numbers, and what they owe their features.

The forests are scikit-learn's. Importances are measured on the areas that a forest was
not trained on, by shuffling: each leading feature, and whole groups of features.
scikit-learn's permutation_importance measures the same of single features, of all of
them and one by one; shuffled areas of several at once are predicted in a third of that
time.

Source: L. Breiman (2001), Random forests, Machine Learning 45, 5-32; scikit-learn,
RandomForestClassifier, RandomForestRegressor and permutation_importance.
"""

from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import r2_score

from models_py.methods.ordinal_regression import predict_ordinal
from models_py.methods.spatial_folds import Part
from models_py.side_by_side import in_threads
from models_py.tables import area_matrix

LEADING = 15  # features by impurity that are shuffled one by one, as many as are drawn
STRATA = 5  # parts of a number's range of which a split keeps the shares
ROWS_AT_ONCE = 50_000  # shuffled rows that are predicted together

Forest = RandomForestClassifier | RandomForestRegressor


def forest_schema(value: pa.DataType) -> pa.Schema:
    """Return what a table of forests holds: `value` is the type of the target."""
    importance = [("permutation", pa.float64()), ("permutation_spread", pa.float64())]
    test = [
        ("area", pa.string()),
        *[(name, value) for name in ("actual", "predicted", "predicted_median")],
        ("predicted_ordinal", value),
        ("probability", pa.float64()),
        ("votes", pa.list_(pa.float64())),
    ]
    feature = [("feature", pa.string()), ("impurity", pa.float64()), *importance]
    group = [("feature_group", pa.string()), ("features", pa.int64()), *importance]
    return pa.schema(
        [
            *[("feature_set", pa.string()), ("validation", pa.string())],
            *[("fold", pa.int64()), ("rows_trained", pa.int64())],
            *[("majority_class", value), ("median_class", value)],
            ("classes", pa.list_(value)),
            ("predictions", pa.list_(pa.struct(test))),
            ("importances", pa.list_(pa.struct(feature))),
            ("group_importances", pa.list_(pa.struct(group))),
        ]
    )


def prepare() -> None:
    """Load scikit-learn's forests; to import this module has done so."""


def target_values(
    areas: pa.ChunkedArray, values: pa.ChunkedArray, target: str, folds: int, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the target (n,) and the strata (n,) of which a split keeps the shares.

    Whole numbers are classes, which are the strata too; of numbers these are fifths.
    Raises ValueError where forests can't learn the target or folds can't hold it.
    """
    if len(values) == 0:
        raise ValueError(
            f"no area has a value of {target}, of every predictor and of every "
            "embedding dimension; there is nothing to predict"
        )
    if kind == "classes":
        classes = ordered_classes(areas, values, target, folds)
        return classes, classes
    numbers = values.to_numpy().astype(float)
    if len(np.unique(numbers)) == 1:
        raise ValueError(
            f"{target} is {numbers[0]:g} for all {len(numbers):,} areas; a target "
            "without any difference can't be predicted, choose another with "
            "--set target=…"
        )
    ranks = np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
    return numbers, ranks * STRATA // len(numbers)


def ordered_classes(
    areas: pa.ChunkedArray, values: pa.ChunkedArray, target: str, folds: int
) -> np.ndarray:
    """Return the target's classes (n,) as whole numbers.

    Raises ValueError where forests can't learn them or folds can't hold them.
    """
    numbers = values.to_numpy()
    broken = np.flatnonzero(numbers != np.round(numbers))
    if len(broken):
        first = int(broken[0])
        raise ValueError(
            f"{target} is {numbers[first]:g} for {areas[first]}; the target must be "
            "ordered classes in whole numbers, such as deciles, or set "
            "target_kind = number"
        )
    classes = numbers.astype(np.int64)
    found, sizes = np.unique(classes, return_counts=True)
    if len(found) == 1:
        raise ValueError(
            f"{target} is {found[0]} for all {len(classes):,} areas; a target with one "
            "class can't be predicted, choose another with --set target=…"
        )
    smallest = sizes.argmin()
    if sizes[smallest] < folds:
        raise ValueError(
            f"class {found[smallest]} of {target} has {sizes[smallest]} areas, fewer "
            f"than the {folds} folds; ask for fewer with --set folds=… or "
            "merge classes"
        )
    return classes


def train_forest(
    features: np.ndarray, target: np.ndarray, trees: int, smallest_leaf: int, seed: int
) -> Forest:
    """Return a forest of (n, d) features and an (n,) target.

    A tree's leaf holds at least `smallest_leaf` areas.

    Whole numbers are classes, of which rare ones are weighted up; of numbers, each cut
    is looked for among a third of the features, as Breiman's forests do.

    Trees grow side by side, on all cores or wherever joblib's backend says. The forest
    that is returned predicts on one thread, so that votes add up in one order. Raises
    ValueError where a feature is no finite number in 32 bits.
    """
    usual = {"min_samples_leaf": smallest_leaf, "random_state": seed, "n_jobs": -1}
    if is_class(target):
        forest = RandomForestClassifier(trees, class_weight="balanced", **usual)
    else:
        forest = RandomForestRegressor(trees, max_features=1 / 3, **usual)
    forest.fit(finite_float32(features), target)
    return forest.set_params(n_jobs=1)


def is_class(target: np.ndarray) -> bool:
    """Tell whether a target (n,) is classes, which are whole numbers."""
    return bool(np.issubdtype(target.dtype, np.integer))


def finite_float32(features: np.ndarray) -> np.ndarray:
    """Return (n, d) features as trees compare them.

    Raises ValueError where one is no finite number in 32 bits.
    """
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(features, dtype=np.float32)
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(
            f"forests need finite numbers of up to 3e38, but row {row + 1} has "
            f"{features[row, column]} in feature {column + 1}"
        )
    return values


def evaluate(
    table: pa.Table,
    target: np.ndarray,
    groups: dict[str, list[str]],
    part: Part,
    *,
    trees: int,
    smallest_leaf: int,
    repeats: int,
    seed: int,
) -> dict[str, Any]:
    """Train on a part's training rows and test on the others.

    `table` holds the areas and the features of all groups, `target` is (n,). Returns
    all of a row of `forest_schema` but the feature set's name. Importances are measured
    on the single split's forest only, votes are kept of blocked folds.
    """
    columns = [column for group in groups.values() for column in group]
    areas, _, features = area_matrix(table.select(["area", *columns]))
    forest = train_forest(
        features[part.train], target[part.train], trees, smallest_leaf, seed
    )
    tested, actual = finite_float32(features[part.test]), target[part.test]
    found = predictions_of(forest, tested)
    measured = {"importances": [], "group_importances": []}
    if part.validation == "single_split":
        orders = shuffles(len(actual), repeats, seed)
        measured = importances(
            forest, groups, tested, actual, found["predicted"], orders
        )
    if part.validation != "blocked":
        found.pop("votes", None)
    line = predict_ordinal(
        features[part.train], target[part.train], features[part.test]
    )
    predictions = {
        "area": areas.take(part.test).to_pylist(),
        "actual": actual.tolist(),
        "predicted_ordinal": line.tolist(),
        **{name: values.tolist() for name, values in found.items()},
    }
    return {
        "validation": part.validation,
        "fold": part.fold,
        "rows_trained": len(part.train),
        "classes": getattr(forest, "classes_", np.empty(0)).tolist(),
        **floors(target[part.train]),
        "predictions": rows_of(predictions),
        **measured,
    }


def predictions_of(forest: Forest, tested: np.ndarray) -> dict[str, np.ndarray]:
    """Return what a forest predicts for (n, d) rows, and of classes its votes (n, c).

    A number's median is that of its trees.
    """
    if isinstance(forest, RandomForestRegressor):
        by_tree = np.stack([tree.predict(tested) for tree in forest.estimators_])
        middle = np.median(by_tree, axis=0)
        return {"predicted": forest.predict(tested), "predicted_median": middle}
    shares = forest.predict_proba(tested)
    return {
        "predicted": forest.classes_[shares.argmax(axis=1)],
        "predicted_median": median_classes(forest.classes_, shares),
        "probability": shares.max(axis=1),
        "votes": shares,
    }


def median_classes(classes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the median (n,) of predicted shares (n, c) of ordered classes (c,).

    Of all predictions it is the one with the least expected label error.
    """
    # A share of exactly one half may come out as 0.49999999.
    return classes[(shares.cumsum(axis=1) >= 0.5 - 1e-9).argmax(axis=1)]


def floors(target: np.ndarray) -> dict[str, int | float]:
    """Return what one predicts knowing no feature: the commonest class and the median.

    The first is hit most often, the second is nearest to the (n,) classes learned from.
    Of numbers the first is the mean, which is nearest by squares.
    """
    middle = np.sort(target)[(len(target) - 1) // 2].item()
    if not is_class(target):
        return {"majority_class": float(target.mean()), "median_class": middle}
    found, sizes = np.unique(target, return_counts=True)
    return {"majority_class": found[sizes.argmax()].item(), "median_class": middle}


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return columns of one length as rows."""
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def importances(
    forest: Forest,
    groups: dict[str, list[str]],
    tested: np.ndarray,
    actual: np.ndarray,
    predicted: np.ndarray,
    orders: np.ndarray,
) -> dict[str, list[dict[str, Any]]]:
    """Return what a forest owes its features and groups of them, by two measures.

    *Impurity*: a feature's share of the fall in Gini impurity while training.
    *Permutation*: the fall in accuracy (of numbers, in R²) on the (n, d) tested rows
    when a feature, or all of a group at once, are shuffled by row orders (repeats, n):
    its mean and standard deviation. Single features are shuffled where their group has
    no more than LEADING, or where they are among the LEADING of all by impurity; others
    have None.
    """
    impurity = forest.feature_importances_
    places = {name: place for place, name in enumerate(chain(*groups.values()))}
    of_group = [[places[name] for name in own] for own in groups.values()]
    leading = set(np.argsort(-impurity, kind="stable")[:LEADING].tolist())
    leading.update(*(own for own in of_group if len(own) <= LEADING))
    singly = [[place] for place in sorted(leading)]

    scores = shuffled_scores(forest, tested, actual, [*of_group, *singly], orders)
    falls = score(actual, predicted) - scores
    measured = [
        {"permutation": float(np.mean(fall)), "permutation_spread": float(np.std(fall))}
        for fall in falls
    ]
    of_place = dict(zip(sorted(leading), measured[len(groups) :], strict=True))
    return {
        "importances": [
            {"feature": name, "impurity": float(impurity[place])}
            | of_place.get(place, {})
            for name, place in places.items()
        ],
        "group_importances": [
            {"feature_group": name, "features": len(own)} | found
            for (name, own), found in zip(groups.items(), measured, strict=False)
        ],
    }


def score(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Return the accuracy of (n,) classes, R² of numbers."""
    if is_class(actual):
        return float((predicted == actual).mean())
    return float(r2_score(actual, predicted))


def shuffled_scores(
    forest: Forest,
    tested: np.ndarray,
    actual: np.ndarray,
    chosen: list[list[int]],
    orders: np.ndarray,
) -> np.ndarray:
    """Return the scores (c, repeats) of (n, d) tested rows with columns shuffled.

    `chosen` are c lists of columns that are shuffled together, by row orders
    (repeats, n).
    """
    shuffled = tested[orders]

    def scores_of(some: list[list[int]]) -> np.ndarray:
        rows = np.empty((len(some), *shuffled.shape), np.float32)
        rows[:] = tested
        for copy, columns in zip(rows, some, strict=True):
            copy[:, :, columns] = shuffled[:, :, columns]
        found = forest.predict(rows.reshape(-1, tested.shape[1]))
        by_shuffle = found.reshape(rows.shape[:-1])
        return np.array([[score(actual, one) for one in row] for row in by_shuffle])

    step = max(1, ROWS_AT_ONCE // orders.size)
    parts = [(chosen[at : at + step],) for at in range(0, len(chosen), step)]
    return np.concatenate(in_threads(scores_of, parts))


def shuffles(count: int, repeats: int, seed: int) -> np.ndarray:
    """Return row orders (repeats, count), those of scikit-learn for this seed.

    It shuffles one array of indices again and again, and applies each state of it to a
    column that the former ones have already shuffled.
    """
    drawn = np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1)
    generator = np.random.RandomState(drawn)
    indices = np.arange(count)
    order = np.arange(count)
    orders = np.empty((repeats, count), dtype=np.int64)
    for repeat in range(repeats):
        generator.shuffle(indices)
        order = order[indices]
        orders[repeat] = order
    return orders
