"""What a classification owes each variable: it is left out and the areas are refitted.

The makers of the Output Area Classification weighed their variables so: Gale,
Singleton, Bates and Longley (2016), Creating the 2011 area classification for output
areas (2011 OAC), Journal of Spatial Information Science 12, 1-27.
"""

import numpy as np


def matched_names(labels: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Give clusters (n,) the names, of (n,) former ones, that keep most areas."""
    from models_py.continuity import best_matches

    numbers, clusters = np.unique(labels, return_inverse=True)
    known, former = np.unique(names, return_inverse=True)
    overlap = np.zeros((len(numbers), len(known)), dtype=int)
    np.add.at(overlap, (clusters, former), 1)
    kept = best_matches(overlap)
    free = iter(sorted(set(range(len(known))) - set(kept.values())))
    place = [kept[n] if n in kept else next(free) for n in range(len(numbers))]
    return known[np.array(place)[clusters]]


def refitted_without(
    values: np.ndarray, column: int, names: np.ndarray, restarts: int, seed: int
) -> np.ndarray:
    """Return the areas' clusters (n,) from (n, d) values without one of the columns.

    There are as many clusters as distinct `names` (n,), and they take these.
    """
    from models_py.kmeans import fit_kmeans

    rest = np.delete(values, column, axis=1)
    fit = fit_kmeans(rest, len(np.unique(names)), restarts=restarts, seed=seed)
    return matched_names(fit.labels, names)
