"""How sure a class is at a margin, from trials with areas drawn anew."""

from typing import TYPE_CHECKING

import numpy as np

from models_py.methods.margin_calibration import calibration_curve, sibling_margins
from models_py.tables import weighted_variables

if TYPE_CHECKING:
    import pyarrow as pa


def model_calibration(
    scaled_variables: "pa.Table",
    variable_weighting: "pa.Table",
    hierarchy: "pa.Table",
    area_support: "pa.Table",
) -> "pa.Table":
    """One row: one point of a level's curve from margin to probability."""
    import pandas as pd
    import pyarrow as pa

    positions = weighted_variables(scaled_variables, variable_weighting).values
    levels = [name for name in hierarchy.column_names if name.startswith("level_")]
    supports = area_support.to_pandas().set_index("area")
    rows: list[tuple[int, float, float]] = []
    parents = np.full(len(positions), "")
    for number, name in enumerate(levels, start=1):
        classes = hierarchy[name].to_numpy().astype(str)
        margins = sibling_margins(positions, classes, parents)
        tried = supports.loc[supports["level"] == number, "support"]
        if len(tried):
            known = pd.Series(margins, index=hierarchy["area"].to_numpy())[tried.index]
            curve = calibration_curve(known.to_numpy().clip(0, 1), tried.to_numpy())
            rows += [(number, margin, share) for margin, share in curve]
        parents = classes
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    kinds = {"level": pa.int32(), "margin": pa.float64(), "probability": pa.float64()}
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds.values(), strict=True)]
    return pa.table(arrays, names=list(kinds))
