"""How well two classifications of the same areas agree, from their cross-table.

Sources
-------
- L. Hubert and P. Arabie (1985), Comparing partitions, Journal of Classification 2,
  193-218: the adjusted Rand index.
- A. Strehl and J. Ghosh (2002), Cluster ensembles, Journal of Machine Learning Research
  3, 583-617: mutual information, here divided by the mean of both entropies.
- A. Rosenberg and J. Hirschberg (2007), V-measure, Proceedings of EMNLP-CoNLL, 410-420:
  homogeneity and completeness.
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


def measures_of_agreement(
    classes: list[str], others: list[str]
) -> dict[str, float | None]:
    """Return how well both classes of every area agree.

    Homogeneity is 1 where each class lies within one of the others, completeness where
    each other class lies within one class: so five classes can be held against eight.
    Cramér's V is None where one of the two has a single class.
    """
    # Libraries that only a comparison needs: a command that makes none starts sooner.
    from scipy.stats.contingency import association
    from sklearn.metrics import (
        adjusted_rand_score,
        homogeneity_completeness_v_measure,
        normalized_mutual_info_score,
    )

    homogeneity, completeness, _ = homogeneity_completeness_v_measure(others, classes)
    counts = cross_table(classes, others).counts
    return {
        "adjusted Rand index": float(adjusted_rand_score(classes, others)),
        "normalised mutual information": float(
            normalized_mutual_info_score(classes, others)
        ),
        "homogeneity": float(homogeneity),
        "completeness": float(completeness),
        "Cramér's V": (
            float(association(counts, "cramer")) if min(counts.shape) > 1 else None
        ),
    }


def matching_ceiling(table: CrossTable) -> float:
    """Return the largest share of areas, 0 to 1, that a one-to-one matching can reach.

    It depends on the classes' sizes alone: five classes leave three of eight without a
    partner, and a pair agrees on no more areas than the smaller of the two has.
    """
    from scipy.optimize import linear_sum_assignment

    sizes = table.counts.sum(axis=1)[:, np.newaxis]
    most = np.minimum(sizes, table.counts.sum(axis=0))
    return float(most[linear_sum_assignment(most, maximize=True)].sum() / sizes.sum())


def best_matching(table: CrossTable) -> dict[str, str]:
    """Return class → other class, one to one, such that most areas agree."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(table.counts, maximize=True)
    return {
        table.classes[row]: table.others[column]
        for row, column in zip(rows, columns, strict=True)
        if table.counts[row, column] > 0
    }
