"""Block bootstrap: intervals of scores when neighbouring areas are alike.

Areas of one block resemble each other, so a thousand areas say less than a thousand
draws. Here whole blocks are drawn with replacement. A score is made from sums over the
areas, and these from sums over blocks: so a draw is a row of one product of matrices.

Source: B. Efron and R. Tibshirani (1993), An Introduction to the Bootstrap; D. R.
Roberts et al. (2017), Ecography 40, 913-929, for blocks; scikit-learn's metrics.
"""

import numpy as np

DRAWS = 1_000
LEVELS = (0.025, 0.975)


def draw_blocks(blocks: int, seed: int) -> np.ndarray:
    """Return how often each of b blocks is drawn, (1 + DRAWS, b); first once each."""
    chances = np.full(blocks, 1 / blocks)
    drawn = np.random.default_rng(seed).multinomial(blocks, chances, size=DRAWS)
    return np.vstack([np.ones((1, blocks), dtype=np.int64), drawn])


def sums_by_block(
    actual: np.ndarray, predicted: np.ndarray, place: np.ndarray
) -> np.ndarray:
    """Return what scores are made from, (b, 8), of n areas in blocks `place` (n,)."""
    a, p = actual.astype(float), predicted.astype(float)
    kept = [np.ones(len(a)), a == p, abs(a - p), (a - p) ** 2, a, p, a * a, p * p]
    blocks = int(place.max()) + 1
    return np.column_stack([np.bincount(place, x, minlength=blocks) for x in kept])


def scores_of(sums: np.ndarray) -> dict[str, np.ndarray]:
    """Return each measure (draws,) of sums over drawn blocks (draws, 8)."""
    n, hits, missed, squared, a, p, aa, pp = sums.T
    mean_a, mean_p = a / n, p / n
    var_a, var_p = aa / n - mean_a**2, pp / n - mean_p**2
    by_chance = var_a + var_p + (mean_a - mean_p) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "accuracy": hits / n,
            "label_error": missed / n,
            "quadratic_weighted_kappa": 1 - squared / n / by_chance,
            "r_squared": 1 - squared / n / var_a,
        }


def interval(draws: np.ndarray) -> tuple[float, float]:
    """Return the 95 per cent interval of a measure's draws, NaN left out."""
    known = draws[np.isfinite(draws)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, LEVELS)
    return float(low), float(high)
