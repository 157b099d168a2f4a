"""Areas with planted groups, as the steps of the embeddings job take them."""

import numpy as np
import pyarrow as pa
import pytest

CLASSES = pa.table({"kind": ["classes"]})


@pytest.fixture(scope="session")
def embeddings(planted: np.ndarray) -> pa.Table:
    """Give 80 areas in the order of their codes, 4 dimensions, three places."""
    rng = np.random.default_rng(21)
    places = {
        "A": [0.3, -0.2, 0.2, 0.1],
        "B": [-0.2, 0.3, 0.2, 0.1],
        "C": [0.2, 0.2, -0.3, 0.1],
    }
    values = np.array([places[letter] for letter in planted])
    values += rng.normal(0, 0.02, values.shape)
    return pa.table(
        {
            "area": [f"E{number:03}" for number in range(80)],
            **{f"A{n:02}": values[:, n] for n in range(4)},
        }
    )


@pytest.fixture(scope="session")
def values(embeddings: pa.Table) -> np.ndarray:
    """Give the areas' embeddings as a matrix."""
    return embeddings.drop_columns("area").to_pandas().to_numpy()


@pytest.fixture(scope="session")
def forest_inputs(embeddings: pa.Table, planted: np.ndarray) -> pa.Table:
    """Give the areas with a target (1, 2, 3) that two predictors hint at."""
    rng = np.random.default_rng(22)
    target = np.array([ord(letter) - 64 for letter in planted], dtype=float)
    return pa.table(
        {
            "area": embeddings["area"],
            "decile": target,
            "health": target + rng.normal(0, 0.7, 80),
            "noise": rng.normal(0, 1, 80),
            **{name: embeddings[name] for name in ("A00", "A01", "A02", "A03")},
        }
    )


@pytest.fixture(scope="session")
def blocks(embeddings: pa.Table) -> pa.Table:
    """Give eight blocks of ten areas, and a block of an area without values."""
    names = [f"block {number // 10}" for number in range(80)]
    areas = [*embeddings["area"].to_pylist(), "E999"]
    return pa.table({"area": areas, "block": [*names, "block 0"]})


def used_columns(target: str, predictors: list[str]) -> pa.Table:
    """Return what the socio-economic file's columns are used for."""
    names = [target, *predictors]
    roles = ["target", *["predictor" for _ in predictors]]
    places = list(range(len(names)))
    return pa.table({"variable": names, "role": roles, "place": places})
