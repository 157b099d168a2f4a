"""Natural breaks: classes for maps whose values lie as close together as can be.

The sum of squared deviations from the classes' means is the least of all divisions of
the sorted values. kmeans1d finds it exactly, in steps that hardly grow faster than the
values' number; mapclassify.FisherJenks, the same classes in their square.

Source: W. D. Fisher (1958), On grouping for maximum homogeneity, Journal of the
American Statistical Association 53(284); G. F. Jenks (1967), The data model concept in
statistical mapping, International Yearbook of Cartography 7; kmeans1d.
"""

import numpy as np
from kmeans1d import cluster


def natural_bounds(values: np.ndarray, classes: int) -> list[float]:
    """Return the ascending upper bounds of the classes of (n,) values.

    A variable with no more distinct values than classes has none: they are its classes.
    """
    distinct = np.unique(values)
    if len(distinct) <= classes:
        return []
    ordered = np.sort(values)
    # Near zero, sums of squares keep the digits that differences need.
    near = (ordered - ordered.mean()) / np.ptp(ordered)
    labels = np.array(cluster(near, classes).clusters)
    return np.unique(ordered[np.append(np.diff(labels) > 0, True)]).tolist()
