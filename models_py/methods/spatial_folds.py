"""Spatial folds: cross-validation that keeps whole blocks of neighbouring areas back.

A random split leaves each tested area neighbours to learn from, and areas close
together are alike: so it flatters. Folds of whole blocks, such as boroughs, ask how
well places are predicted of which no neighbour has been seen.

Source: D. R. Roberts et al. (2017), Cross-validation strategies for data with temporal,
spatial, hierarchical, or phylogenetic structure, Ecography 40, 913-929; scikit-learn,
GroupKFold.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from sklearn.model_selection import GroupKFold, train_test_split


class Part(NamedTuple):
    """Which rows train a forest and which test it, both in the order to be used."""

    validation: str  # single_split or blocked
    fold: int  # 0 for the single split, else from 1
    train: np.ndarray
    test: np.ndarray


def single_split(
    classes: np.ndarray, test_share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each area (n,) tests, and its turn (n,) among its like.

    Train and test have the classes' shares of all areas. The turn is the order in which
    scikit-learn's train_test_split hands the rows out; it decides which of them a tree
    draws. Raises ValueError where a part would lack a class.
    """
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


def block_names(areas: pa.ChunkedArray, blocks: pa.Table) -> np.ndarray:
    """Return each area's block (n,) from a table with one for every area."""
    known = dict(
        zip(blocks["area"].to_pylist(), blocks["block"].to_pylist(), strict=True)
    )
    return np.array([known[area] for area in areas.to_pylist()], dtype=object)


def blocked_folds(blocks: np.ndarray, folds: int, block_by: str) -> np.ndarray:
    """Return each area's fold (n,) from 1: whole blocks, folds of like size.

    Raises ValueError where there are fewer blocks than folds.
    """
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


def parts(splits: pa.Table) -> Iterator[Part]:
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
