"""What classes tell of an outcome that none of them saw, beside what place tells."""

import numpy as np
import pandas as pd

from models_py.methods.block_bootstrap import interval
from models_py.methods.variance_between_classes import eta_squared


def external_validity(
    outcomes: pd.DataFrame,
    compared_classes: pd.DataFrame,
    random_regions: pd.DataFrame,
    seed: int,
) -> pd.DataFrame:
    """One row: one outcome on one level of one classification, and what that tells.

    The bootstrap draws the outcome's own areas, the same for all; intervals are without
    its bias.
    """
    keys = ["classification", "level", "area"]
    both = compared_classes.merge(random_regions, on=keys)
    rows = []
    for outcome, values in outcomes.groupby("outcome"):
        known = both.merge(values, on="area").sort_values(keys)
        for (classification, level), own in known.groupby(keys[:2]):
            row = {"outcome": outcome, "classification": classification, "level": level}
            rows.append(row | measured(own, seed))
    return pd.DataFrame(rows)


def measured(own: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return what the classes tell, what random regions do, and the difference."""
    drawn, _ = pd.factorize(own["outcome_area"], sort=True)
    classes, names = pd.factorize(own["class"], sort=True)
    regions = np.array(own["regions"].tolist()).T - 1
    shares = eta_squared(own["value"].to_numpy(), drawn, [classes, *regions], seed)
    random = shares[1:].mean(axis=0)
    found = {
        "areas": len(own),
        "outcome_areas": int(drawn.max()) + 1,
        "classes": len(names),
    }
    for name, draws in {
        "eta_squared": shares[0],
        "random": random,
        "beyond_random": shares[0] - random,
    }.items():
        # Fewer distinct areas are drawn than there are, which alone raises the share.
        bias = np.nanmean(draws[1:]) - draws[0]
        low, high = interval(draws[1:] - bias)
        found |= {name: draws[0], f"{name}_lower": low, f"{name}_upper": high}
    # The spread over the regionalisations, which the bootstrap doesn't draw.
    extremes = (shares[1:, 0].min(), shares[1:, 0].max())
    return found | dict(zip(("random_least", "random_most"), extremes, strict=True))
