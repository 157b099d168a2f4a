"""Between tables and matrices: what every step does first and last."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

# Of more areas than this a fixed sample stands for all where fits are repeated.
SAMPLE_AREAS = 10_000


class AreaMatrix(NamedTuple):
    """Areas with their positions: codes (n,), variable names (d,), values (n, d)."""

    areas: pa.ChunkedArray
    variables: list[str]
    values: np.ndarray


def area_matrix(table: pa.Table, key: str = "area") -> AreaMatrix:
    """Split a table, ordered by area, into its codes and a float64 matrix.

    Raises ValueError where a value is missing, which no model upstream may let pass.
    """
    variables = [name for name in table.column_names if name != key]
    for name in variables:
        if table[name].null_count:
            raise ValueError(f"{table[name].null_count} areas have no value of {name}")
    values = np.column_stack([table[name].to_numpy() for name in variables])
    return AreaMatrix(table[key], variables, np.ascontiguousarray(values, dtype=float))


def list_matrix(column: pa.ChunkedArray) -> np.ndarray:
    """Return a column of lists of d numbers each as a float64 matrix: (n, d)."""
    numbers = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(numbers.reshape(len(column), -1), dtype=float)


def weighted_variables(
    scaled_variables: pa.Table, variable_weighting: pa.Table
) -> AreaMatrix:
    """Return the variables that cluster, each times the root of its weight: (n, d)."""
    weights = variable_weighting.to_pydict()
    weight_of = dict(zip(weights["variable"], weights["weight"], strict=True))
    names = [name for name in scaled_variables.column_names if name in weight_of]
    matrix = area_matrix(scaled_variables.select(["area", *names]))
    roots = np.sqrt([weight_of[name] for name in names])
    return matrix._replace(values=matrix.values * roots)


def sampled_rows(areas: int, seed: int) -> np.ndarray:
    """Return the rows of all areas, or of SAMPLE_AREAS drawn at random, in order."""
    if areas <= SAMPLE_AREAS:
        return np.arange(areas)
    random = np.random.default_rng(seed)
    return np.sort(random.choice(areas, size=SAMPLE_AREAS, replace=False))
