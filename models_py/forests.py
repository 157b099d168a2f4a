"""Random forests for ordered classes, tested on a single split and on unseen blocks.

Two questions are asked of each feature set. The *single split* keeps back a random
fifth of the areas: how well are they predicted, with neighbours left to learn from? The
*blocked* cross-validation keeps back whole blocks, such as boroughs, in turn: how well
are places predicted of which no neighbour has been seen? Areas close together are
alike, so the first flatters (Roberts et al. 2017).

Sources
-------
- L. Breiman (2001), Random forests, Machine Learning 45, 5-32; scikit-learn,
  RandomForestClassifier and permutation_importance.
- D. R. Roberts et al. (2017), Cross-validation strategies for data with temporal,
  spatial, hierarchical, or phylogenetic structure, Ecography 40, 913-929.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from models_py.forest_training import Forest


class Part(NamedTuple):
    """Which rows train a forest and which test it, both in the order to be used."""

    validation: str  # single_split or blocked
    fold: int  # 0 for the single split, else from 1
    train: np.ndarray
    test: np.ndarray


def forest_schema() -> "pa.Schema":
    """Return the columns of a table with one row for each forest."""
    import pyarrow as pa

    prediction = pa.struct(
        {
            "area": pa.string(),
            "actual": pa.int64(),
            "predicted": pa.int64(),
            "probability": pa.float64(),
        }
    )
    importance = pa.struct(
        {
            "feature": pa.string(),
            "impurity": pa.float64(),
            "permutation": pa.float64(),
            "permutation_spread": pa.float64(),
        }
    )
    return pa.schema(
        {
            "feature_set": pa.string(),
            "validation": pa.string(),
            "fold": pa.int64(),
            "rows_trained": pa.int64(),
            "predictions": pa.list_(prediction),
            "importances": pa.list_(importance),
        }
    )


def prepare() -> None:
    """Load scikit-learn and the compiled loops, or compile them, by a forest of two."""
    import sklearn.model_selection  # noqa: F401

    from models_py.forest_training import predict_shuffled, train_forest

    rows = np.eye(6)
    forest = train_forest(rows, np.array([0, 1] * 3), trees=2, seed=0)
    predict_shuffled(forest, rows, np.arange(6)[np.newaxis])


# --- What is predicted from what ------------------------------------------------------


def feature_sets(predictors: list[str], dimensions: list[str]) -> dict[str, list[str]]:
    """Return the columns of the three feature sets.

    Raises ValueError without predictors.
    """
    if not predictors:
        raise ValueError(
            "predictors is empty; name at least one column of the socio-economic file"
        )
    return {
        "socioeconomic": predictors,
        "embeddings": dimensions,
        "both": [*predictors, *dimensions],
    }


def ordered_classes(
    areas: "pa.ChunkedArray", values: "pa.ChunkedArray", target: str, folds: int
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
            "class can't be predicted, choose another with --set embeddings.target=…"
        )
    smallest = sizes.argmin()
    if sizes[smallest] < folds:
        raise ValueError(
            f"class {found[smallest]} of {target} has {sizes[smallest]} areas, fewer "
            f"than the {folds} folds; ask for fewer with --set embeddings.folds=… or "
            "merge classes"
        )
    return classes


# --- Splits ---------------------------------------------------------------------------


def single_split(
    classes: np.ndarray, test_share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each area (n,) tests, and its turn (n,) among its like.

    Train and test have the classes' shares of all areas. The turn is the order in which
    scikit-learn's train_test_split hands the rows out; it decides which of them a tree
    draws. Raises ValueError where a part would lack a class.
    """
    from sklearn.model_selection import train_test_split

    count, needed = len(classes), len(np.unique(classes))
    tested = int(np.ceil(test_share * count))
    if min(tested, count - tested) < needed:
        raise ValueError(
            f"test_share {test_share:g} makes {tested:,} of {count:,} areas the test, "
            f"but both parts need at least one area of each of the {needed} classes; "
            "choose another with --set embeddings.test_share=…"
        )
    train, test = train_test_split(
        np.arange(count), test_size=test_share, stratify=classes, random_state=seed
    )
    is_test = np.zeros(count, dtype=bool)
    is_test[test] = True
    turn = np.empty(count, dtype=np.int64)
    turn[train] = np.arange(len(train))
    turn[test] = np.arange(len(test))
    return is_test, turn


def block_names(areas: "pa.ChunkedArray", blocks: "pa.Table") -> np.ndarray:
    """Return each area's block (n,) from a table with one for every area."""
    known = dict(
        zip(blocks["area"].to_pylist(), blocks["block"].to_pylist(), strict=True)
    )
    return np.array([known[area] for area in areas.to_pylist()], dtype=object)


def blocked_folds(blocks: np.ndarray, folds: int, block_by: str) -> np.ndarray:
    """Return each area's fold (n,) from 1: whole blocks, folds of like size.

    Raises ValueError where there are fewer blocks than folds.
    """
    from sklearn.model_selection import GroupKFold

    found = np.unique(blocks)
    if len(found) < folds:
        other = "location" if block_by == "name" else "name"
        raise ValueError(
            f"block_by={block_by} makes {len(found)} blocks ({', '.join(found[:3])}), "
            f"fewer than the {folds} folds; try --set embeddings.block_by={other} or "
            "fewer folds"
        )
    fold = np.empty(len(blocks), dtype=np.int64)
    splits = GroupKFold(n_splits=folds).split(blocks, groups=blocks)
    for number, (_, test) in enumerate(splits, start=1):
        fold[test] = number
    return fold


def parts(splits: "pa.Table") -> Iterator[Part]:
    """Give the single split and then each fold of a table of splits."""
    is_test = splits["is_test"].to_numpy()
    turn = splits["turn"].to_numpy()
    fold = splits["fold"].to_numpy()
    by_turn = np.argsort(turn, kind="stable")
    yield Part("single_split", 0, by_turn[~is_test[by_turn]], by_turn[is_test[by_turn]])
    for number in np.unique(fold):
        yield Part(
            "blocked",
            int(number),
            np.flatnonzero(fold != number),
            np.flatnonzero(fold == number),
        )


# --- Forests --------------------------------------------------------------------------


def evaluate(
    table: "pa.Table",
    classes: np.ndarray,
    feature_set: str,
    part: Part,
    *,
    trees: int,
    repeats: int,
    seed: int,
    engine: str = "fast",
) -> dict[str, Any]:
    """Train on a part's training rows; return a row of `forest_schema`.

    `table` holds the areas and the features, `classes` is (n,). Importances are
    measured on the single split's forest only.
    """
    from models_py.forest_training import train_forest
    from models_py.tables import area_matrix

    areas, names, features = area_matrix(table)
    forest = train_forest(
        features[part.train], classes[part.train], trees, seed, engine
    )
    tested, actual = features[part.test], classes[part.test]
    importances = []
    if part.validation == "single_split":
        importances = feature_importances(forest, names, tested, actual, repeats, seed)
    return {
        "feature_set": feature_set,
        "validation": part.validation,
        "fold": part.fold,
        "rows_trained": len(part.train),
        "predictions": predictions(forest, areas.take(part.test), tested, actual),
        "importances": importances,
    }


def predictions(
    forest: "Forest",
    areas: "pa.ChunkedArray",
    features: np.ndarray,
    actual: np.ndarray,
) -> list[dict[str, Any]]:
    """Return for each area its actual and predicted class with its probability."""
    from models_py.forest_training import class_shares

    shares = class_shares(forest, features)
    best = shares.argmax(axis=1)
    columns = {
        "area": areas.to_pylist(),
        "actual": actual.tolist(),
        "predicted": forest.classes[best].tolist(),
        "probability": shares[np.arange(len(best)), best].tolist(),
    }
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def feature_importances(
    forest: "Forest",
    names: list[str],
    features: np.ndarray,
    actual: np.ndarray,
    repeats: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Return what the forest owes each of its d features, by two measures.

    *Impurity*: the share of the fall in Gini impurity while training. *Permutation*:
    the fall in accuracy on the (n, d) test rows when the feature is shuffled, as a mean
    over the repeats with its standard deviation, as scikit-learn's
    permutation_importance has it.
    """
    from models_py.forest_training import class_shares, predict_shuffled

    predicted = forest.classes[class_shares(forest, features).argmax(axis=1)]
    accuracy = (predicted == actual).mean()
    orders = shuffles(len(actual), repeats, seed)
    hits = predict_shuffled(forest, features, orders) == actual
    falls = accuracy - hits.mean(axis=2)
    return [
        {
            "feature": name,
            "impurity": float(impurity),
            "permutation": float(np.mean(fall)),
            "permutation_spread": float(np.std(fall)),
        }
        for name, impurity, fall in zip(names, forest.importances, falls, strict=True)
    ]


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
