"""Spatial autocorrelation: whether values of neighbouring areas are alike.

Source: P. A. P. Moran (1950), Notes on continuous stochastic phenomena, Biometrika 37,
17-23; A. D. Cliff and J. K. Ord (1981), Spatial Processes, for its variance under
randomisation; esda, Moran.
"""

import pandas as pd


def moran(
    values: pd.Series, areas: pd.Series, neighbours: pd.Series
) -> dict[str, int | float | None]:
    """Return Moran's I of values indexed by area, weights being shares of neighbours.

    `areas` and `neighbours` are the pairs of touching areas, both ways round. Areas
    without a neighbour that has a value stay out. The p-value is two-sided and
    analytical, under randomisation: so it is the same each time. Measures are None
    where no two areas touch, or where all values are equal.
    """
    # Slow to import, and of use to this step alone.
    from esda import Moran
    from libpysal.weights import W

    known = areas.isin(values.index) & neighbours.isin(values.index)
    near = neighbours[known].groupby(areas[known]).apply(sorted).to_dict()
    chosen = values[sorted(near)]
    nothing = dict.fromkeys(("morans_i", "expected", "z_score", "p_value"))
    if chosen.nunique() < 2:
        return {"areas": len(chosen), **nothing}
    weights = W(near, id_order=sorted(near), silence_warnings=True)
    found = Moran(
        chosen.to_numpy(), weights, transformation="r", permutations=0, two_tailed=True
    )
    return {
        "areas": len(chosen),
        "morans_i": float(found.I),
        "expected": float(found.EI),
        "z_score": float(found.z_rand),
        "p_value": float(found.p_rand),
    }
