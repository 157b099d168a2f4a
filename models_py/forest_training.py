"""Random forests of classes: trained by one of two engines, kept in flat arrays.

Two engines train the same forest:

``fast``
    The loops of models_py/trees.py. They make scikit-learn's own draws and so grow the
    trees that scikit-learn 1.9 grows, to the last digit, five times as fast.

``scikit-learn``
    Its RandomForestClassifier.

Both grow trees side by side, on all cores or wherever joblib's backend says, and give
the same result on any number of them.

Sources
-------
- L. Breiman (2001), Random forests, Machine Learning 45, 5-32; scikit-learn 1.9,
  ensemble/_forest.py.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from models_py.side_by_side import core_count, in_threads, side_by_side

TREES_PER_TASK = 10


class Forest(NamedTuple):
    """Trees as models_py/trees.py walks them, and what they owe each feature."""

    classes: np.ndarray  # (c,), ascending
    roots: np.ndarray  # each tree's first node
    nodes: np.ndarray  # all trees', of type NODE
    shares: np.ndarray  # (rows, c): what leaves point to
    importances: np.ndarray  # (d,): shares of the fall in Gini impurity


class Tree(NamedTuple):
    """One tree: right children count from its root, mixed leaves on from c."""

    nodes: np.ndarray
    shares: np.ndarray  # of the mixed leaves alone
    importances: np.ndarray  # (d,), of any sum


class TrainingRows(NamedTuple):
    """What all trees of a forest learn from: n rows of d features and c classes."""

    codes: np.ndarray  # (n,): each row's class, counted from 0
    class_count: int
    ranks: np.ndarray  # (d, n): 2 × rank, and 1 more if alike to the next smaller
    values: np.ndarray  # (d, n): by rank
    distinct: np.ndarray  # (d,): how many ranks a feature has
    bounds: np.ndarray  # (n,): a number below draws this row or one before
    guide: np.ndarray  # (n + 1,): the row that i / n draws


def train_forest(
    features: np.ndarray,
    classes: np.ndarray,
    trees: int,
    seed: int,
    engine: str = "fast",
) -> Forest:
    """Return a forest of (n, d) features and (n,) classes, rare classes weighted up.

    Trees are grown to the end, from as many rows as there are, drawn with replacement;
    at each node they choose among √d features that are not constant. Raises ValueError
    where a feature is no finite number in 32 bits.
    """
    values = finite_float32(features)
    if engine == "scikit-learn":
        return train_with_scikit_learn(values, classes, trees, seed)
    found, codes = np.unique(classes, return_inverse=True)
    rows = training_rows(values, codes)
    generator = np.random.RandomState(seed)
    seeds = [generator.randint(np.iinfo(np.int32).max) for _ in range(trees)]
    grown = side_by_side(
        grow_trees,
        [
            (rows, seeds[start : start + TREES_PER_TASK])
            for start in range(0, trees, TREES_PER_TASK)
        ],
    )
    together = [tree for task in grown for tree in task]
    return join_trees(together, found, mean_importances(together))


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


# --- The fast engine ------------------------------------------------------------------


def training_rows(values: np.ndarray, codes: np.ndarray) -> TrainingRows:
    """Return what trees need of (n, d) values and (n,) codes.

    Raises ValueError where there are more rows or classes than fit a key.
    """
    from models_py.trees import ALIKE, CLASS, DRAWS, RANK

    class_count = int(codes.max()) + 1
    if len(codes) > DRAWS or class_count >> (RANK - CLASS):
        raise ValueError(
            f"forest_engine fast takes up to {DRAWS:,} areas and "
            f"{1 << (RANK - CLASS):,} classes; use --set "
            "embeddings.forest_engine=scikit-learn"
        )
    kind = np.uint16 if len(codes) < 1 << 15 else np.uint32
    ranks = np.empty(values.T.shape, kind)
    by_rank = np.zeros(values.T.shape, np.float32)
    distinct = np.empty(values.shape[1], np.int64)
    for feature, column in enumerate(values.T):
        known, places = np.unique(column, return_inverse=True)
        alike = np.append(False, known[1:] <= known[:-1] + ALIKE)
        ranks[feature] = 2 * places + alike[places]
        by_rank[feature, : len(known)] = known
        distinct[feature] = len(known)
    weights = (len(codes) / (class_count * np.bincount(codes)))[codes]
    bounds = np.cumsum(weights / np.sum(weights))
    bounds /= bounds[-1]
    guide = np.searchsorted(bounds, np.arange(len(codes) + 1) / len(codes), "right")
    return TrainingRows(codes, class_count, ranks, by_rank, distinct, bounds, guide)


def grow_trees(rows: TrainingRows, seeds: list[int]) -> list[Tree]:
    """Return a tree for each seed."""
    generator = np.random.RandomState(0)
    return [grow_one(rows, seed, generator) for seed in seeds]


def grow_one(rows: TrainingRows, seed: int, generator: np.random.RandomState) -> Tree:
    """Return a tree, drawn with a seed as scikit-learn does."""
    from models_py.trees import CLASS, NODE, count_draws, grow_tree

    count, width = len(rows.codes), len(rows.ranks)
    draws = np.zeros(count, np.int64)
    generator.seed(seed)
    numbers = generator.random_sample(count)
    count_draws(numbers, rows.bounds, rows.guide, draws)
    drawn = np.flatnonzero(draws).astype(np.uint32)
    generator.seed(seed)  # once for the rows, once for the features
    nodes = np.zeros(2 * len(drawn), NODE)
    shares = np.empty((len(drawn), rows.class_count))
    importances = np.zeros(width)
    size, mixed = grow_tree(
        drawn,
        (rows.codes << CLASS) | draws,
        rows.ranks,
        rows.values,
        rows.distinct,
        max(1, int(np.sqrt(width))),
        generator.randint(np.iinfo(np.int32).max),
        nodes,
        shares,
        importances,
    )
    return Tree(nodes[:size].copy(), shares[:mixed].copy(), importances / count)


def mean_importances(trees: list[Tree]) -> np.ndarray:
    """Return the trees' mean importances (d,), of a sum of 1, or 0 without any."""
    totals = [tree.importances.sum() for tree in trees]
    shares = [
        tree.importances / (total if total > 0 else 1)
        for tree, total in zip(trees, totals, strict=True)
        if len(tree.nodes) > 1
    ]
    if not shares:
        return np.zeros(len(trees[0].importances))
    mean = np.mean(shares, axis=0)
    return mean / mean.sum()


def join_trees(
    trees: list[Tree], classes: np.ndarray, importances: np.ndarray
) -> Forest:
    """Return trees as one forest, whose nodes and mixed leaves count through."""
    nodes = np.concatenate([tree.nodes for tree in trees])
    sizes = np.array([len(tree.nodes) for tree in trees])
    mixed = np.array([len(tree.shares) for tree in trees])
    roots = np.cumsum(sizes) - sizes
    is_leaf = nodes["feature"] < 0
    is_mixed = is_leaf & (nodes["next"] >= len(classes))
    nodes["next"][~is_leaf] += np.repeat(roots, sizes)[~is_leaf].astype(np.int32)
    before = np.repeat(np.cumsum(mixed) - mixed, sizes)
    nodes["next"][is_mixed] += before[is_mixed].astype(np.int32)
    shares = [np.eye(len(classes)), *(tree.shares for tree in trees)]
    return Forest(classes, roots, nodes, np.concatenate(shares), importances)


# --- scikit-learn ---------------------------------------------------------------------


def train_with_scikit_learn(
    values: np.ndarray, classes: np.ndarray, trees: int, seed: int
) -> Forest:
    """Return the forest that scikit-learn trains."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(
        n_estimators=trees, class_weight="balanced", random_state=seed, n_jobs=-1
    )
    forest.fit(values, classes)
    grown = [flat_tree(estimator.tree_) for estimator in forest.estimators_]
    return join_trees(grown, forest.classes_, forest.feature_importances_)


def flat_tree(tree: Any) -> Tree:
    """Return a tree of scikit-learn, whose left children also follow their parents."""
    from models_py.trees import LEAF, NODE

    shares = tree.value[:, 0]
    class_count = shares.shape[1]
    is_leaf = tree.children_left < 0
    mixed = is_leaf & (shares.max(axis=1) < 1)
    nodes = np.zeros(tree.node_count, NODE)
    nodes["feature"] = np.where(is_leaf, LEAF, tree.feature)
    nodes["threshold"] = np.where(is_leaf, 0, tree.threshold)
    nodes["next"] = np.where(is_leaf, shares.argmax(axis=1), tree.children_right)
    nodes["next"][mixed] = class_count + np.arange(mixed.sum())
    return Tree(nodes, shares[mixed], np.empty(0))


# --- Predicting -----------------------------------------------------------------------


def class_shares(forest: Forest, features: np.ndarray) -> np.ndarray:
    """Return the mean over the trees of the classes' shares (n, c) in a row's leaf."""
    return add_up_votes(forest, finite_float32(features)) / len(forest.roots)


def predict_shuffled(
    forest: Forest, features: np.ndarray, orders: np.ndarray
) -> np.ndarray:
    """Return classes (d, repeats, n) of (n, d) features with each in turn shuffled.

    In repeat r row i has the value of row `orders[r, i]`. The classes are those that
    `class_shares` of the shuffled features has as its largest, the first of equals.
    """
    from models_py.trees import find_winners

    values = finite_float32(features)
    votes = add_up_votes(forest, values)
    trees = forest.roots, forest.nodes, forest.shares
    winners = np.empty((values.shape[1], *orders.shape), np.int32)
    in_parts(find_winners, len(values), (values, orders, votes, *trees, winners))
    return forest.classes[winners]


def add_up_votes(forest: Forest, values: np.ndarray) -> np.ndarray:
    """Return the sum over the trees of the classes' shares (n, c)."""
    from models_py.trees import add_votes

    votes = np.zeros((len(values), len(forest.classes)))
    trees = forest.roots, forest.nodes, forest.shares
    in_parts(add_votes, len(values), (values, *trees, votes))
    return votes


# --- Side by side ---------------------------------------------------------------------


def in_parts(task: Callable[..., None], count: int, arguments: tuple[Any, ...]) -> None:
    """Call task(first, last, *arguments) for parts of rows, on one thread each."""
    bounds = np.linspace(0, count, core_count() + 1).astype(int).tolist()
    in_threads(task, [(*part, *arguments) for part in pairwise(bounds)])
