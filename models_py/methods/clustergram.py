"""Clustergrams: k-means for every k, drawn along the first principal component.

Source: Schonlau (2002), The clustergram, The Stata Journal 2(4); Fleischmann (2023),
Clustergram: Visualization and diagnostics for cluster analysis, JOSS 8(89).
"""

import numpy as np

from models_py.kernels.tournament import count_distinct
from models_py.methods.kmeans import fit_range
from models_py.methods.letters import order_by_size


def labels_by_k(
    values: np.ndarray,
    largest: int,
    restarts: int,
    strategy: str,
    seed: int,
    workers: int = -1,
) -> dict[str, np.ndarray]:
    """Return cluster numbers (n,) for each k from 1 to the largest, named k1, k2, ….

    `values` is (n, d). Clusters are numbered from 0, the largest first. A group with
    fewer distinct areas than `largest` ends at its number of distinct areas.
    """
    distinct = count_distinct(values, enough=largest)
    fits = fit_range(
        values,
        range(1, min(largest, distinct) + 1),
        restarts=restarts,
        seed=seed,
        strategy=strategy,
        workers=workers,
    )
    return {
        f"k{k}": order_by_size(fit.labels, fit.centroids)[fit.labels].astype("int32")
        for k, fit in fits.items()
    }
