"""How sure a class is at a margin, from trials with areas drawn anew."""

from typing import TYPE_CHECKING

import numpy as np

from models_py.methods.class_support import class_support
from models_py.methods.margin_calibration import calibration_curve
from models_py.tables import area_matrix

if TYPE_CHECKING:
    import pyarrow as pa


def model_calibration(
    scaled_variables: "pa.Table",
    variable_weighting: "pa.Table",
    hierarchy: "pa.Table",
    seed: int,
) -> "pa.Table":
    """One row: one point of a level's curve from margin to probability."""
    import pyarrow as pa

    used = variable_weighting["variable"].to_pylist()
    positions = area_matrix(scaled_variables.select(["area", *used])).values
    positions *= np.sqrt(variable_weighting["weight"].to_numpy())
    rows: list[tuple[int, float, float]] = []
    parents = np.full(len(positions), "", dtype=object)
    levels = [name for name in hierarchy.column_names if name.startswith("level_")]
    for number, name in enumerate(levels, start=1):
        classes = hierarchy[name].to_numpy()
        margins, support = class_support(positions, classes, parents, seed)
        known = ~np.isnan(margins)  # a class without a sibling is never in doubt
        if known.any():
            curve = calibration_curve(margins[known].clip(0, 1), support[known])
            rows += [(number, margin, share) for margin, share in curve]
        parents = classes
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    kinds = {"level": pa.int32(), "margin": pa.float64(), "probability": pa.float64()}
    return pa.table(
        {
            name: pa.array(column, kind)
            for (name, kind), column in zip(kinds.items(), columns, strict=True)
        }
    )
