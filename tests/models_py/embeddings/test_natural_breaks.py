"""The step natural_breaks."""

import numpy as np
import pyarrow as pa

from models_py.embeddings.natural_breaks import natural_breaks

VALUES = np.random.default_rng(6).gamma(2, 10, 300)


def mapped(**variables: np.ndarray) -> pa.Table:
    """Return variables in the layout of mapped_values."""
    return pa.table(
        {
            "area": [
                f"E{n}" for values in variables.values() for n, _ in enumerate(values)
            ],
            "variable": [name for name, values in variables.items() for _ in values],
            "value": np.concatenate(list(variables.values())).astype(float),
        }
    )


def test_each_variable_has_its_classes_the_last_of_which_ends_at_the_largest():
    table = natural_breaks(mapped(v=VALUES, w=-VALUES), 6).to_pandas()
    assert table["class"].tolist() == [1, 2, 3, 4, 5, 6] * 2
    bounds = table.groupby("variable")["upper_bound"]
    assert bounds.apply(lambda b: b.is_monotonic_increasing).all()
    assert bounds.max().tolist() == [VALUES.max(), -VALUES.min()]


def test_a_variable_with_few_distinct_values_has_no_classes():
    table = natural_breaks(mapped(decile=np.tile(np.arange(10), 5)), 10)
    assert table.column_names == ["variable", "class", "upper_bound"]
    assert table.num_rows == 0
