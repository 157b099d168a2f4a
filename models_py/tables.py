"""Between tables and matrices: what every step does first and last."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class AreaMatrix(NamedTuple):
    """Areas with their positions: codes (n,), variable names (d,), values (n, d)."""

    areas: "pa.ChunkedArray"
    variables: list[str]
    values: "np.ndarray"


def area_matrix(table: "pa.Table", key: str = "area") -> AreaMatrix:
    """Split a table, ordered by area, into its codes and a float64 matrix.

    Raises ValueError where a value is missing, which no model upstream may let pass.
    """
    import numpy as np

    variables = [name for name in table.column_names if name != key]
    for name in variables:
        if table[name].null_count:
            raise ValueError(f"{table[name].null_count} areas have no value of {name}")
    values = np.column_stack([table[name].to_numpy() for name in variables])
    return AreaMatrix(table[key], variables, np.ascontiguousarray(values, dtype=float))
