"""Clusters within clusters, level by level.

A cluster's code is its path: supergroup A, within it A1, within that A1a, then A1a1, as
in the United Kingdom's area classifications. Numbers and small letters take turns, so
each level adds one part, and what is left without the last part is the parent's code.

A cluster that is too small to be split stays whole: on the next level it goes on as its
own first child, A1 as A1a, so that every area has a cluster on every level.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from models_py.kernels.tournament import count_distinct
from models_py.methods.kmeans import Strategy, each_group, fit_kmeans
from models_py.methods.label_matching import keep_names
from models_py.methods.letters import letter_order, letters, order_by_size

Counts = int | list[int] | dict[str, int]
"""Into how many to split: all alike, in the order of the parents, or by their codes."""

OTHER = "other"  # the key for the parents that a mapping doesn't name


class Splitting(NamedTuple):
    """How each cluster of a level is split."""

    wanted: Counts
    smallest: int
    """Fewest areas that a cluster must have to be split."""
    restarts: int
    strategy: Strategy
    seed: int


class FormerLevel(NamedTuple):
    """A level of the result before, one place for each area; all shapes (m,)."""

    areas: np.ndarray
    parents: np.ndarray
    clusters: np.ndarray


def split_level(
    areas: np.ndarray,
    values: np.ndarray,
    parents: np.ndarray,
    level: int,
    splitting: Splitting,
    former: FormerLevel | None = None,
) -> np.ndarray:
    """Split each cluster of a level by k-means and return the codes (n,) of the next.

    Takes areas' codes in order (n,), their variables (n, d) and the codes of their
    clusters on the level before (n,). `level` is the number of the one that is made: 2
    is that of A1, 3 that of A1a. Where a former level is given, new clusters take the
    codes of the former ones of the same parent that they overlap most; else the first
    has the most areas.
    """
    codes = parents.astype(object)
    counts = counts_by_parent(splitting.wanted, set(parents), level)
    groups = {parent: parents == parent for parent in counts}
    too_small = {
        parent: counts[parent] == 1
        or is_too_small(values[members], counts[parent], splitting.smallest)
        for parent, members in groups.items()
    }

    def children_of(members: np.ndarray) -> np.ndarray | str:
        parent = parents[members][0]
        if too_small[parent]:
            return child_codes(parent, 1, level)[0]
        return split(values[members], parent, counts[parent], level, splitting)

    found = each_group(children_of, list(groups.values()))
    for (parent, members), children in zip(groups.items(), found, strict=True):
        codes[members] = children
        if former is not None and not too_small[parent]:
            codes[members] = keep_codes(
                areas[members], codes[members], parent, level, former
            )
    return codes


def split(
    values: np.ndarray,
    parent: str,
    count: int,
    level: int,
    splitting: Splitting,
) -> np.ndarray:
    """Split one cluster's areas (n, d) on one core; the largest part comes first."""
    fit = fit_kmeans(
        values,
        count,
        restarts=splitting.restarts,
        seed=splitting.seed,
        strategy=splitting.strategy,
        workers=1,
    )
    ranks = order_by_size(fit.labels, fit.centroids)
    codes = np.array(child_codes(parent, count, level), dtype=object)
    return codes[ranks[fit.labels]]


def keep_codes(
    areas: np.ndarray, codes: np.ndarray, parent: str, level: int, former: FormerLevel
) -> np.ndarray:
    """Give a parent's clusters (n,) the codes of the former ones they overlap most."""
    same = former.parents == parent
    most = len(set(codes)) + len(set(former.clusters[same]))
    return keep_names(
        areas,
        codes,
        former.areas[same],
        former.clusters[same],
        child_codes(parent, most, level),
    )


def is_too_small(values: np.ndarray, count: int, smallest: int) -> bool:
    """Tell whether areas (n, d) can't be split into so many clusters."""
    return len(values) < smallest or count_distinct(values, enough=count) < count


def why_whole(areas: int, count: int, smallest: int) -> str:
    """Say why a cluster of so many areas was too small to be split into `count`."""
    said = "1 area" if areas == 1 else f"{areas:,} areas"
    if areas < smallest:
        return f"{said}, fewer than smallest_split = {smallest}"
    if areas < count:
        return f"{said}, too few for {count} clusters"
    return f"{said}, but fewer than {count} that differ"


def child_codes(parent: str, count: int, level: int) -> list[str]:
    """Return codes for so many clusters within a parent, such as A1, A2 or A1a, A1b."""
    if level % 2 == 0:
        return [f"{parent}{number}" for number in range(1, count + 1)]
    return [f"{parent}{letter.lower()}" for letter in letters(count)]


def code_order(code: str) -> list[tuple[int, str]]:
    """Return the sort key that puts Z before AA and A2 before A10."""
    return [letter_order(part) for part in re.findall("[A-Z]+|[0-9]+|[a-z]+", code)]


def counts_by_parent(
    wanted: Counts, parents: set[str] | list[str], level: int
) -> dict[str, int]:
    """Return into how many clusters each parent is to be split, in their order.

    Raises ValueError where a list or a mapping doesn't fit the parents.
    """
    ordered = sorted(parents, key=code_order)
    if isinstance(wanted, int):
        return dict.fromkeys(ordered, wanted)
    if isinstance(wanted, dict):
        return mapped_counts(wanted, ordered, level)
    if len(wanted) != len(ordered):
        raise ValueError(
            f"{said_level(level)} lists {len(wanted)} numbers for {len(ordered)} "
            f"{said_parents(level)} ({', '.join(ordered)}); give one for each, or one "
            "number for all"
        )
    return dict(zip(ordered, wanted, strict=True))


def mapped_counts(
    wanted: dict[str, int], parents: list[str], level: int
) -> dict[str, int]:
    """Return what a mapping says of each parent; see counts_by_parent."""
    unknown = [code for code in wanted if code not in parents and code != OTHER]
    missing = [code for code in parents if code not in wanted]
    if unknown:
        raise ValueError(
            f"{said_level(level)} names {', '.join(unknown)}, but the "
            f"{said_parents(level)} are {', '.join(parents)}"
        )
    if missing and OTHER not in wanted:
        raise ValueError(
            f"{said_level(level)} gives no number for {', '.join(missing)}; name "
            f"them, or add {OTHER} = … for all that aren't named"
        )
    return {code: wanted.get(code, wanted.get(OTHER)) for code in parents}


def said_level(level: int) -> str:
    """Name the parameter that says how a level is made."""
    return "subgroups" if level == 2 else f"entry {level} of levels"


def said_parents(level: int) -> str:
    """Name the clusters that are split to make a level."""
    return "supergroups" if level == 2 else f"clusters of level {level - 1}"
