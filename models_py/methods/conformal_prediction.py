"""Conformal prediction: sets of classes that hold the truth as often as asked for.

How unlike the truth predictions of held-out folds were tells how wide a set must be:
the test areas of each fold are given sets by what the *other* folds' predictions missed
by. If blocks were drawn from one lot, so many of the sets would hold the truth; whether
they do on the fold itself is measured.

Classes of equal votes are told apart by their order: the nearer to the mean of all
votes, the likelier. Else a limit that falls among them would let in all of them, and
where few trees vote, so that many a truth has no vote, sets would hold every class.

Source: V. Vovk (2015), Cross-conformal predictors, Annals of Mathematics and Artificial
Intelligence 74, 9-28; M. Sadinle, J. Lei and L. Wasserman (2019), Least ambiguous
set-valued classifiers, Journal of the American Statistical Association 114, 223-234.
"""

import numpy as np

TIE = 1e-6  # what a place from the mean vote counts: less than any forest's vote


def class_sets(
    shares: np.ndarray, actual: np.ndarray, fold: np.ndarray, coverage: float
) -> np.ndarray:
    """Return which of c classes each area's set holds, (n, c) of true and false.

    `shares` (n, c) are the votes for each class, in the classes' order, `actual` (n,)
    is the place of the true class among them, `fold` (n,) the fold in which an area was
    tested. The likeliest class is always in.
    """
    misses = class_misses(shares)
    missed = misses[np.arange(len(actual)), actual]
    limits = fold_limits(missed, fold, coverage)
    held = misses <= limits[:, None]
    held[np.arange(len(actual)), shares.argmax(axis=1)] = True
    return held


def class_misses(shares: np.ndarray) -> np.ndarray:
    """Return how unlike an area (n, c) each class would be, from its votes (n, c)."""
    places = np.arange(shares.shape[1])
    # Rounded: sums of votes differ in their last digits, which are no order.
    mean = (shares @ places).round(9)
    return (1 - shares).round(9) + TIE * abs(places - mean[:, np.newaxis])


def fold_limits(missed: np.ndarray, fold: np.ndarray, coverage: float) -> np.ndarray:
    """Return for each area (n,) what the other folds' misses (n,) stay within.

    It is the smallest of them that makes a share `coverage` of n + 1; infinite where
    there are too few.
    """
    limits = np.empty(len(missed))
    for number in np.unique(fold):
        tested = fold == number
        others = np.sort(missed[~tested])
        rank = int(np.ceil(coverage * (len(others) + 1)))
        limits[tested] = others[rank - 1] if rank <= len(others) else np.inf
    return limits
