"""Random pairs of areas, for how far apart any two are."""

import numpy as np
import pyarrow as pa


def random_pairs(earlier: pa.Table, pairs_drawn: int, seed: int) -> pa.Table:
    """One row: one pair of different areas of the earlier year, drawn at random.

    Raises ValueError where fewer than two areas have an embedding.
    """
    areas = earlier["area"]
    if len(areas) < 2:
        raise ValueError(
            "To draw pairs of areas takes two; the earlier file has fewer."
        )

    random = np.random.default_rng(seed)
    one = random.integers(len(areas), size=pairs_drawn)
    other = (one + random.integers(1, len(areas), size=pairs_drawn)) % len(areas)

    return pa.table(
        {
            "pair": np.arange(1, pairs_drawn + 1),
            "area": areas.take(one),
            "other_area": areas.take(other),
        }
    )
