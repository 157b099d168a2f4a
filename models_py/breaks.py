"""Natural breaks: Jenks' classes for maps, the best there are.

Values lie as close as can be to their class's mean: the sum of squared deviations is
the least of all divisions of the sorted values (Fisher). Best divisions of the first
values into one class less tell the best one of all; and as a part grows, its last class
never starts earlier, so halving the range of starts finds each in a few steps.

Sources: W. D. Fisher (1958), On grouping for maximum homogeneity, JASA 53(284); G. F.
Jenks (1967), The data model concept in statistical mapping, International Yearbook of
Cartography 7; X. Wu (1991), Optimal quantization by matrix searching, Journal of
Algorithms 12(4) (the halving). mapclassify.FisherJenks takes n² steps.
"""

import numpy as np
from numba import njit


def natural_bounds(values: np.ndarray, classes: int) -> list[float]:
    """Return the ascending upper bounds of the classes of (n,) values.

    A variable with no more distinct values than classes has none: they are its classes.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= classes:
        return []
    # Near zero, sums of squares keep the digits that differences need.
    near = (distinct - values.mean()) / np.ptp(distinct)
    sums = np.zeros((3, len(distinct) + 1))
    sums[:, 1:] = np.cumsum([counts, counts * near, counts * near**2], axis=1)
    starts = np.zeros((classes, len(distinct) + 1), np.int64)
    find_starts(sums, starts)
    lasts = [len(distinct)]
    for number in range(classes - 1, 0, -1):
        lasts.append(int(starts[number, lasts[-1]]))
    return [float(distinct[last - 1]) for last in reversed(lasts)]


@njit(nogil=True, cache=True, error_model="numpy")
def find_starts(sums: np.ndarray, starts: np.ndarray) -> None:
    """Fill in where the last class of a best division starts (classes, n + 1).

    `starts[k, m]` is for the first m values in k + 1 classes; `sums` (3, n + 1) are the
    number, sum and sum of squares of the first values.
    """
    count = sums.shape[1] - 1
    before, costs = np.empty(count + 1), np.empty(count + 1)
    waiting = np.empty((64, 4), np.int64)  # parts and starts yet to be halved
    for own in range(len(starts)):
        waiting[0, 0], waiting[0, 1] = own + 1, count
        waiting[0, 2], waiting[0, 3] = own, count - 1 if own else 0
        size = 1
        while size:
            size -= 1
            first, last = waiting[size, 0], waiting[size, 1]
            low, high = waiting[size, 2], waiting[size, 3]
            middle = (first + last) // 2
            costs[middle] = np.inf
            for start in range(low, min(high, middle - 1) + 1):
                number = sums[0, middle] - sums[0, start]
                total = sums[1, middle] - sums[1, start]
                cost = sums[2, middle] - sums[2, start] - total * total / number
                if own:
                    cost += before[start]
                if cost < costs[middle]:
                    costs[middle], starts[own, middle] = cost, start
            best = starts[own, middle]
            if first < middle:
                waiting[size, 0], waiting[size, 1] = first, middle - 1
                waiting[size, 2], waiting[size, 3] = low, best
                size += 1
            if middle < last:
                waiting[size, 0], waiting[size, 1] = middle + 1, last
                waiting[size, 2], waiting[size, 3] = best, high
                size += 1
        before, costs = costs, before
