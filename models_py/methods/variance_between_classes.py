"""Variance between classes (eta squared): how much of a value its class tells.

The sum of squares between the classes' means over that of all areas: 0 where all
classes are alike, 1 where a class says all. Where many areas share one value, as Output
Areas do that of their LSOA, they are not so many draws: the bootstrap draws what the
value was measured on, each with all its areas. Every division is made from the same
draws, so the difference of two has an interval too.

Source: R. A. Fisher (1925), Statistical Methods for Research Workers; K. Pearson (1911)
for eta; B. Efron and R. Tibshirani (1993), An Introduction to the Bootstrap.
"""

import numpy as np
from scipy.sparse import csr_array

from models_py.methods.block_bootstrap import draw_blocks


def eta_squared(
    values: np.ndarray, measured_on: np.ndarray, divisions: list[np.ndarray], seed: int
) -> np.ndarray:
    """Return eta squared of d divisions, (d, 1 + draws); the first is of all areas.

    `values` (n,) are the areas', `measured_on` (n,) numbers from 0 of what each value
    was measured on and what is drawn; a division (n,) has an area's class, from 0.
    A draw whose areas all have one value is NaN.
    """
    # About their mean, so that the difference of squares keeps its digits.
    centred = values - values.mean()
    draws = draw_blocks(int(measured_on.max()) + 1, seed).T.astype(float)
    ones = np.zeros(len(values), dtype=np.int64)
    count, total, squares = (
        summed(ones, measured_on, weights).T @ draws
        for weights in (np.ones_like(centred), centred, centred**2)
    )
    by_chance = total[0] ** 2 / count[0]
    found = []
    for division in divisions:
        areas = summed(division, measured_on, np.ones_like(centred)).T @ draws
        sums = summed(division, measured_on, centred).T @ draws
        # A class that no area of a draw belongs to adds nothing.
        between = np.divide(sums**2, areas, out=np.zeros_like(sums), where=areas > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (between.sum(axis=0) - by_chance) / (squares[0] - by_chance)
        found.append(np.where(squares[0] - by_chance > 0, share, np.nan))
    return np.array(found)


def summed(
    division: np.ndarray, measured_on: np.ndarray, weights: np.ndarray
) -> csr_array:
    """Return the sums of weights (n,) by what was drawn and class, (drawn, classes)."""
    return csr_array((weights, (measured_on, division)))
