"""Natural breaks: Jenks' classes for maps, through mapclassify.

Source: Jenks (1967), The data model concept in statistical mapping, International
Yearbook of Cartography 7; mapclassify.NaturalBreaks, which solves it by k-means in one
dimension.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

# How many starts mapclassify's k-means has; one dimension needs few.
STARTS = 20


def natural_bounds(values: np.ndarray, classes: int, seed: int) -> list[float]:
    """Return the ascending upper bounds of the classes of (n,) values.

    A variable with no more distinct values than classes has none: they are its classes.
    """
    import mapclassify
    from threadpoolctl import threadpool_limits

    if len(np.unique(values)) <= classes:
        return []
    # More than one thread adds up in an order of its own.
    with numpy_seed(seed), threadpool_limits(limits=1):
        breaks = mapclassify.NaturalBreaks(np.sort(values), k=classes, initial=STARTS)
    return [float(bound) for bound in breaks.bins]


@contextmanager
def numpy_seed(seed: int) -> Iterator[None]:
    """Seed NumPy's global generator, all that mapclassify listens to, for a while."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
