"""Label matching: new clusters take the names of the former ones they overlap most.

Source: H. W. Kuhn (1955), The Hungarian method for the assignment problem, Naval
Research Logistics Quarterly 2, 83-97; scipy.optimize.linear_sum_assignment.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment


def keep_names(
    areas: np.ndarray,
    names: np.ndarray,
    former_areas: np.ndarray,
    former_names: np.ndarray,
    candidates: list[str],
) -> np.ndarray:
    """Return names (n,) for clusters that are named by size so far.

    `areas` and `names` are (n,), the former ones (m,); `candidates` are names in the
    order in which they are given out. The pairs of new and former clusters that share
    the most areas are found as an assignment problem. Clusters that share no area with
    the former one they fall to take the first candidates that are free. Where fewer
    than half of the areas are known from before, it is another region, and names stay
    as they are.
    """
    former = dict(zip(former_areas, former_names, strict=True))
    known = np.array([former.get(area) for area in areas], dtype=object)
    if sum(name is not None for name in known) * 2 < len(areas):
        return names
    new_clusters = [name for name in candidates if name in set(names)]
    old_clusters = sorted({name for name in known if name is not None})
    overlap = np.array(
        [
            [np.sum((names == new) & (known == old)) for old in old_clusters]
            for new in new_clusters
        ]
    )
    kept = best_matches(overlap)
    taken = {old_clusters[old] for old in kept.values()}
    free = iter(name for name in candidates if name not in taken)
    renamed = {
        new: old_clusters[kept[place]] if place in kept else next(free)
        for place, new in enumerate(new_clusters)
    }
    return np.array([renamed[name] for name in names], dtype=object)


def best_matches(overlap: np.ndarray) -> dict[int, int]:
    """Return row → column of the assignment that keeps the most; 0 is no match."""
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] > 0
    }


def matched_names(labels: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Give clusters (n,) the names, of (n,) former ones, that keep most areas."""
    numbers, clusters = np.unique(labels, return_inverse=True)
    known, former = np.unique(names, return_inverse=True)
    overlap = np.zeros((len(numbers), len(known)), dtype=int)
    np.add.at(overlap, (clusters, former), 1)
    kept = best_matches(overlap)
    free = iter(sorted(set(range(len(known))) - set(kept.values())))
    place = [kept[n] if n in kept else next(free) for n in range(len(numbers))]
    return known[np.array(place)[clusters]]
