"""Random forests of ordered classes, and what they owe their features.

The forests are scikit-learn's. Importances are measured on the areas that a forest was
not trained on, by shuffling: each leading feature, and whole groups of features.
scikit-learn's permutation_importance measures the same of single features, of all of
them and one by one; shuffled areas of several at once are predicted in a third of that
time.

Source: L. Breiman (2001), Random forests, Machine Learning 45, 5-32; scikit-learn,
RandomForestClassifier and permutation_importance.
"""

from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import RandomForestClassifier

from models_py.methods.ordinal_regression import predict_ordinal
from models_py.methods.spatial_folds import Part
from models_py.side_by_side import in_threads
from models_py.tables import area_matrix

LEADING = 15  # features by impurity that are shuffled one by one, as many as are drawn
ROWS_AT_ONCE = 50_000  # shuffled rows that are predicted together

FOREST_SCHEMA = pa.schema(
    {
        "feature_set": pa.string(),
        "validation": pa.string(),
        "fold": pa.int64(),
        "rows_trained": pa.int64(),
        "majority_class": pa.int64(),
        "median_class": pa.int64(),
        "predictions": pa.list_(
            pa.struct(
                {
                    "area": pa.string(),
                    "actual": pa.int64(),
                    "predicted": pa.int64(),
                    "predicted_median": pa.int64(),
                    "predicted_ordinal": pa.int64(),
                    "probability": pa.float64(),
                }
            )
        ),
        "importances": pa.list_(
            pa.struct(
                {
                    "feature": pa.string(),
                    "impurity": pa.float64(),
                    "permutation": pa.float64(),
                    "permutation_spread": pa.float64(),
                }
            )
        ),
        "group_importances": pa.list_(
            pa.struct(
                {
                    "feature_group": pa.string(),
                    "features": pa.int64(),
                    "permutation": pa.float64(),
                    "permutation_spread": pa.float64(),
                }
            )
        ),
    }
)


def prepare() -> None:
    """Load scikit-learn's forests; to import this module has done so."""


def ordered_classes(
    areas: pa.ChunkedArray, values: pa.ChunkedArray, target: str, folds: int
) -> np.ndarray:
    """Return the target's classes (n,) as whole numbers.

    Raises ValueError where forests can't learn them or folds can't hold them.
    """
    if len(values) == 0:
        raise ValueError(
            f"no area has a value of {target}, of every predictor and of every "
            "embedding dimension; there is nothing to predict"
        )
    numbers = values.to_numpy()
    broken = np.flatnonzero(numbers != np.round(numbers))
    if len(broken):
        first = int(broken[0])
        raise ValueError(
            f"{target} is {numbers[first]:g} for {areas[first]}; the target must be "
            "ordered classes in whole numbers, such as deciles"
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
    features: np.ndarray, classes: np.ndarray, trees: int, seed: int
) -> RandomForestClassifier:
    """Return a forest of (n, d) features and (n,) classes, rare classes weighted up.

    Trees grow side by side, on all cores or wherever joblib's backend says. The forest
    that is returned predicts on one thread, so that votes add up in one order. Raises
    ValueError where a feature is no finite number in 32 bits.
    """
    forest = RandomForestClassifier(
        trees, class_weight="balanced", random_state=seed, n_jobs=-1
    )
    forest.fit(finite_float32(features), classes)
    return forest.set_params(n_jobs=1)


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
    classes: np.ndarray,
    groups: dict[str, list[str]],
    part: Part,
    *,
    trees: int,
    repeats: int,
    seed: int,
) -> dict[str, Any]:
    """Train on a part's training rows and test on the others.

    `table` holds the areas and the features of all groups, `classes` is (n,). Returns
    all of a row of FOREST_SCHEMA but the feature set's name. Importances are measured
    on the single split's forest only.
    """
    columns = [column for group in groups.values() for column in group]
    areas, _, features = area_matrix(table.select(["area", *columns]))
    forest = train_forest(features[part.train], classes[part.train], trees, seed)
    tested, actual = finite_float32(features[part.test]), classes[part.test]
    shares = forest.predict_proba(tested)
    predicted = forest.classes_[shares.argmax(axis=1)]
    measured = {"importances": [], "group_importances": []}
    if part.validation == "single_split":
        orders = shuffles(len(actual), repeats, seed)
        measured = importances(forest, groups, tested, actual, predicted, orders)
    predictions = {
        "area": areas.take(part.test).to_pylist(),
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "predicted_median": median_classes(forest.classes_, shares).tolist(),
        "predicted_ordinal": predict_ordinal(
            features[part.train], classes[part.train], features[part.test]
        ).tolist(),
        "probability": shares.max(axis=1).tolist(),
    }
    return {
        "validation": part.validation,
        "fold": part.fold,
        "rows_trained": len(part.train),
        **floors(classes[part.train]),
        "predictions": rows_of(predictions),
        **measured,
    }


def median_classes(classes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the median (n,) of predicted shares (n, c) of ordered classes (c,).

    Of all predictions it is the one with the least expected label error.
    """
    # A share of exactly one half may come out as 0.49999999.
    return classes[(shares.cumsum(axis=1) >= 0.5 - 1e-9).argmax(axis=1)]


def floors(classes: np.ndarray) -> dict[str, int]:
    """Return what one predicts knowing no feature: the commonest class and the median.

    The first is hit most often, the second is nearest to the (n,) classes learned from.
    """
    found, sizes = np.unique(classes, return_counts=True)
    middle = np.sort(classes)[(len(classes) - 1) // 2]
    return {"majority_class": int(found[sizes.argmax()]), "median_class": int(middle)}


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return columns of one length as rows."""
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def importances(
    forest: RandomForestClassifier,
    groups: dict[str, list[str]],
    tested: np.ndarray,
    actual: np.ndarray,
    predicted: np.ndarray,
    orders: np.ndarray,
) -> dict[str, list[dict[str, Any]]]:
    """Return what a forest owes its features and groups of them, by two measures.

    *Impurity*: a feature's share of the fall in Gini impurity while training.
    *Permutation*: the fall in accuracy on the (n, d) tested rows when a feature, or all
    of a group at once, are shuffled by row orders (repeats, n): its mean and standard
    deviation. Single features are shuffled where their group has no more than LEADING,
    or where they are among the LEADING of all by impurity; others have None.
    """
    impurity = forest.feature_importances_
    places = {name: place for place, name in enumerate(chain(*groups.values()))}
    of_group = [[places[name] for name in own] for own in groups.values()]
    leading = set(np.argsort(-impurity, kind="stable")[:LEADING].tolist())
    leading.update(*(own for own in of_group if len(own) <= LEADING))
    singly = [[place] for place in sorted(leading)]

    hits = shuffled_accuracy(forest, tested, actual, [*of_group, *singly], orders)
    falls = (predicted == actual).mean() - hits
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


def shuffled_accuracy(
    forest: RandomForestClassifier,
    tested: np.ndarray,
    actual: np.ndarray,
    chosen: list[list[int]],
    orders: np.ndarray,
) -> np.ndarray:
    """Return the accuracy (c, repeats) on (n, d) tested rows with columns shuffled.

    `chosen` are c lists of columns that are shuffled together, by row orders
    (repeats, n).
    """
    shuffled = tested[orders]

    def accuracy_of(some: list[list[int]]) -> np.ndarray:
        rows = np.empty((len(some), *shuffled.shape), np.float32)
        rows[:] = tested
        for copy, columns in zip(rows, some, strict=True):
            copy[:, :, columns] = shuffled[:, :, columns]
        found = forest.predict(rows.reshape(-1, tested.shape[1]))
        return (found.reshape(rows.shape[:-1]) == actual).mean(axis=2)

    step = max(1, ROWS_AT_ONCE // orders.size)
    parts = [(chosen[at : at + step],) for at in range(0, len(chosen), step)]
    return np.concatenate(in_threads(accuracy_of, parts))


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
