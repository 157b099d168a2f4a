"""Work side by side, one task per core, with results that don't depend on how many."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from joblib import Parallel, cpu_count, delayed
from joblib.parallel import ThreadingBackend, get_active_backend
from threadpoolctl import ThreadpoolController

Calls = Iterable[tuple[Any, ...]]


def core_count() -> int:
    """Return the number of cores that a run may use."""
    return cpu_count()


def side_by_side(
    task: Callable[..., Any], calls: Calls, workers: int | None = -1
) -> list[Any]:
    """Return the results of ``task(*call)`` for each call, in the calls' order.

    Threads start at once and share the matrix, and both our loops and scikit-learn's
    run without Python's lock. Where ``joblib.parallel_config`` names processes or a
    Dask cluster, the calls go there. `workers` are as many as cores if -1, and up to
    joblib if None. Matrix products keep to one thread in each task: so they add up in
    the same order, however many threads there are.
    """
    if isinstance(get_active_backend(prefer="threads")[0], ThreadingBackend):
        return in_threads(task, calls, workers)
    return Parallel(n_jobs=workers)(
        delayed(on_one_thread)(task, call) for call in calls
    )


def in_threads(
    task: Callable[..., Any], calls: Calls, workers: int | None = -1
) -> list[Any]:
    """Return what ``side_by_side`` does, in threads of this process at any rate.

    joblib's own threads look only every 10 ms whether they are done, which is longer
    than most of our tasks take.
    """
    threads = core_count() if workers in (-1, None) else workers
    # Of the whole process, so it is set once, around all tasks.
    with matrix_threads().limit(limits=1):
        if threads == 1:
            return [task(*call) for call in calls]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda call: task(*call), calls))


def on_one_thread(task: Callable[..., Any], call: tuple[Any, ...]) -> Any:
    """Return the result of a call whose matrix products keep to one thread."""
    with matrix_threads().limit(limits=1):
        return task(*call)


@cache
def matrix_threads() -> ThreadpoolController:
    """Look up the threads of NumPy's matrix products, once: that takes 3 ms."""
    return ThreadpoolController().select(user_api="blas")
