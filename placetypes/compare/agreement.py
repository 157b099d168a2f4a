"""How well two classifications of the same areas agree, from their cross-table.

Sources
-------
- L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
  193-218: the adjusted Rand index.
- A. Strehl and J. Ghosh (2002), Cluster ensembles, Journal of Machine Learning Research
  3, 583-617: mutual information, here divided by the mean of both entropies.
- H. Cramér (1946), Mathematical Methods of Statistics, Princeton: V.
- H. W. Kuhn (1955), The Hungarian method for the assignment problem, Naval Research
  Logistics Quarterly 2, 83-97: the best matching.
"""

from typing import NamedTuple

import numpy as np


class CrossTable(NamedTuple):
    """Areas in each pair of classes."""

    classes: list[str]
    others: list[str]
    counts: np.ndarray
    """Shape (classes, others), integer."""


def cross_table(classes: list[str], others: list[str]) -> CrossTable:
    """Count the areas of each pair, from both classes of every area; names in order."""
    names, rows = np.unique(classes, return_inverse=True)
    other_names, columns = np.unique(others, return_inverse=True)
    counts = np.zeros((len(names), len(other_names)), dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    return CrossTable(names.tolist(), other_names.tolist(), counts)


def adjusted_rand_index(counts: np.ndarray) -> float:
    """Return the share of agreeing pairs of areas above chance: 1 is the same."""
    counts = counts.astype(float)

    def pairs(numbers: np.ndarray) -> float:
        return float((numbers * (numbers - 1) / 2).sum())

    rows, columns = pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    chance = rows * columns / max(pairs(counts.sum(keepdims=True)), 1)
    most = (rows + columns) / 2
    return 1.0 if most == chance else (pairs(counts) - chance) / (most - chance)


def normalised_mutual_information(counts: np.ndarray) -> float:
    """Return what one class tells of the other, 0 to 1."""
    shares = counts / counts.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)

    def entropy(parts: np.ndarray) -> float:
        positive = parts[parts > 0]
        return float(-(positive * np.log(positive)).sum())

    mean = (entropy(rows) + entropy(columns)) / 2
    shared = entropy(rows) + entropy(columns) - entropy(shares)
    return 1.0 if mean == 0 else max(0.0, shared / mean)


def cramers_v(counts: np.ndarray) -> float | None:
    """Return the association of both, 0 to 1; None where one has a single class."""
    smaller = min(counts.shape) - 1
    if smaller == 0:
        return None
    total = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    return float((chi_squared / total / smaller) ** 0.5)


def best_matching(table: CrossTable) -> dict[str, str]:
    """Return class → other class, one to one, such that most areas agree."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(table.counts, maximize=True)
    return {
        table.classes[row]: table.others[column]
        for row, column in zip(rows, columns, strict=True)
        if table.counts[row, column] > 0
    }
