"""models_py/kernels/greatest.py: the greatest products of each row, block by block."""

import numpy as np
import pytest

from models_py.kernels.greatest import keep_greatest, nobody, slices


def greatest_of(products: np.ndarray, kept: int, block: int) -> tuple:
    """Return what is kept of all rows' products, block by block."""
    found, nearness = nobody(len(products), kept)
    rows = np.arange(len(products))
    names = np.arange(products.shape[1], dtype=np.int32)
    for part in slices(0, len(names), block):
        some = np.ascontiguousarray(products[:, part])
        keep_greatest(some, rows, names[part], found, nearness)
    return found, nearness


@pytest.mark.parametrize("block", [7, 100])
def test_the_greatest_products_are_those_of_a_sort(block):
    products = np.random.default_rng(1).random((20, 50)).astype(np.float32)
    found, nearness = greatest_of(products, 5, block)
    np.testing.assert_array_equal(found, np.argsort(-products, axis=1)[:, :5])
    np.testing.assert_array_equal(nearness, -np.sort(-products, axis=1)[:, :5])


@pytest.mark.parametrize("block", [2, 10])
def test_of_equal_products_the_one_that_came_first_stays_first(block):
    products = np.array([[1, 3, 2, 3, 3, 1]], dtype=np.float32)
    found, _ = greatest_of(products, 4, block)
    assert found.tolist() == [[1, 3, 4, 2]]
