"""Natural breaks: classes for maps whose values lie as close together as can be."""

import pyarrow as pa
import pyarrow.compute as pc

from models_py.methods.natural_breaks import natural_bounds


def natural_breaks(mapped_values: pa.Table, map_classes: int) -> pa.Table:
    """One row: one class of one variable with more distinct values than classes."""
    variables = sorted(set(mapped_values["variable"].to_pylist()))

    rows = []
    for variable in variables:
        chosen = pc.equal(mapped_values["variable"], variable)
        values = mapped_values.filter(chosen)["value"].to_numpy()
        for number, bound in enumerate(natural_bounds(values, map_classes)):
            rows.append((variable, number + 1, bound))

    names, numbers, bounds = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "variable": pa.array(names, pa.string()),
            "class": pa.array(numbers, pa.int64()),
            "upper_bound": pa.array(bounds, pa.float64()),
        }
    )
