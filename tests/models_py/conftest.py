"""Areas with planted groups, as most steps take them."""

import numpy as np
import pyarrow as pa
import pytest


@pytest.fixture(scope="session")
def planted() -> np.ndarray:
    """Give 80 areas' planted letters: A 40 times, B 25 times, C 15 times."""
    return np.random.default_rng(20).permutation(np.repeat(list("ABC"), [40, 25, 15]))


@pytest.fixture(scope="session")
def cluster_inputs(planted: np.ndarray) -> pa.Table:
    """Give 80 areas in the order of their codes, 4 variables, three places."""
    rng = np.random.default_rng(21)
    places = {
        "A": [0.8, 0.2, 0.2, 0.5],
        "B": [0.2, 0.8, 0.2, 0.4],
        "C": [0.2, 0.2, 0.9, 0.3],
    }
    values = np.array([places[letter] for letter in planted])
    values += rng.normal(0, 0.04, values.shape)
    return pa.table(
        {
            "area": [f"E{number:03}" for number in range(80)],
            **{f"v{n:02}": values[:, n] for n in range(4)},
        }
    )


@pytest.fixture(scope="session")
def values(cluster_inputs: pa.Table) -> np.ndarray:
    """Give the areas' positions as a matrix."""
    return cluster_inputs.drop_columns("area").to_pandas().to_numpy()
