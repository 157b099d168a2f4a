"""The gap statistic: how much tighter clusters are than in data without any.

Source: R. Tibshirani, G. Walther and T. Hastie (2001), Estimating the number of
clusters in a data set via the gap statistic, Journal of the Royal Statistical Society
B 63(2), 411-423.
"""

from typing import NamedTuple

import numpy as np

from models_py.methods.kmeans import fit_kmeans


class Repeated(NamedTuple):
    """A mean over repetitions and their standard deviation, for one k."""

    mean: float
    spread: float


def reference_rows(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw rows without clusters, shaped like (n, d) values.

    Uniform over a box along the principal components: Tibshirani et al.'s choice (b).
    """
    mean = values.mean(axis=0)
    _, _, axes = np.linalg.svd(values - mean, full_matrices=False)
    turned = (values - mean) @ axes.T
    drawn = random.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)
    return drawn @ axes + mean


def reference_log_inertias(
    values: np.ndarray, largest: int, references: int, restarts: int, seed: int
) -> dict[int, Repeated]:
    """Return log inertia over reference sets without clusters, for k from 1.

    `values` is (n, d). The spread is that of the reference sets, divided by their
    number (not one less), as in the paper.
    """
    random = np.random.default_rng(seed)
    drawn = [reference_rows(values, random) for _ in range(references)]
    logs = {
        k: [
            np.log(fit_kmeans(rows, k, restarts=restarts, seed=seed).inertia)
            for rows in drawn
        ]
        for k in range(1, largest + 1)
    }
    return {k: Repeated(float(np.mean(v)), float(np.std(v))) for k, v in logs.items()}
