"""Spatial folds: cross-validation that keeps whole blocks of neighbouring areas back.

A random split leaves each tested area neighbours to learn from, and areas close
together are alike: so it flatters. Folds of whole blocks, such as boroughs, ask how
well places are predicted of which no neighbour has been seen. Random folds of the same
sizes tell how much of that is the leak, and how much the luck of one split.

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

    validation: str  # single_split, random or blocked
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
            "choose another with --set test_share=…"
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
        other = "name" if block_by == "location" else "location"
        raise ValueError(
            f"block_by={block_by} makes {len(found)} blocks ({', '.join(found[:3])}), "
            f"fewer than the {folds} folds; try --set block_by={other} or "
            "fewer folds"
        )
    fold = np.empty(len(blocks), dtype=np.int64)
    splits = GroupKFold(n_splits=folds).split(blocks, groups=blocks)
    for number, (_, test) in enumerate(splits, start=1):
        fold[test] = number
    return fold


def random_folds(fold: np.ndarray, seed: int) -> np.ndarray:
    """Return folds (n,) of the same sizes as `fold`, dealt out at random."""
    return np.random.default_rng(seed).permutation(fold)


def parts(splits: pa.Table, fold_buffers: pa.Table) -> Iterator[Part]:
    """Give the single split, the random and the blocked folds of a table of splits.

    A row of `fold_buffers` is an area too near to a blocked fold to train its forest.
    Raises ValueError where the buffer leaves nothing to learn from.
    """
    is_test = splits["is_test"].to_numpy()
    turn = splits["turn"].to_numpy()
    by_turn = np.argsort(turn, kind="stable")
    yield Part("single_split", 0, by_turn[~is_test[by_turn]], by_turn[is_test[by_turn]])
    dropped = set(
        zip(
            fold_buffers["fold"].to_pylist(),
            fold_buffers["area"].to_pylist(),
            strict=True,
        )
    )
    areas = splits["area"].to_pylist()
    for validation, column in (("random", "random_fold"), ("blocked", "fold")):
        fold = splits[column].to_numpy()
        for number in np.unique(fold).tolist():
            train = fold != number
            if validation == "blocked":
                train &= [(number, area) not in dropped for area in areas]
            if not train.any():
                raise ValueError(
                    f"block_buffer leaves no area to learn from for fold {number}; "
                    "choose a smaller one with --set block_buffer=…"
                )
            yield Part(
                validation,
                number,
                np.flatnonzero(train),
                np.flatnonzero(fold == number),
            )
