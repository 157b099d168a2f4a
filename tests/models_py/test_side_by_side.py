"""Work side by side."""

import os
import threading

import numpy as np
import pytest
from joblib import parallel_config
from threadpoolctl import threadpool_info

from models_py.side_by_side import in_threads, side_by_side


def double(number: int) -> int:
    return 2 * number


@pytest.mark.parametrize("workers", [1, 2, 5, -1, None])
def test_results_come_in_the_order_of_the_calls(workers):
    calls = [(number,) for number in range(20)]
    assert side_by_side(double, calls, workers) == list(range(0, 40, 2))


def test_calls_go_where_joblib_is_told_to_send_them():
    with parallel_config(backend="loky", n_jobs=2):
        elsewhere = side_by_side(os.getpid, [()] * 4, None)
        here = in_threads(os.getpid, [()] * 4)
    assert os.getpid() not in elsewhere
    assert set(here) == {os.getpid()}


def test_one_worker_is_the_thread_that_asks():
    assert in_threads(threading.get_ident, [()], 1) == [threading.get_ident()]


def test_what_a_call_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side(divmod, [(1, 1), (1, 0)], 2)


def test_products_take_one_blas_thread_each():
    def blas_threads() -> int:
        np.eye(2) @ np.eye(2)
        pools = [p for p in threadpool_info() if p["user_api"] == "blas"]
        return max(pool["num_threads"] for pool in pools)

    assert in_threads(blas_threads, [()] * 3) == [1] * 3
