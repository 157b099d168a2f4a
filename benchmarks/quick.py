"""The quick benchmark: three stages against the libraries, by ratio.

Seconds differ from machine to machine, ratios of CPU time hardly do. What is compared
runs in turn, so that other work on the machine touches both sides.
"""

import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np

# By how many times each stage is to be faster, whole process aside.
GOALS = {
    "k-means, 1,000 restarts": 10,
    "UMAP, compiled": 3,
    "silhouettes of 8 k": 3,
}
ROUNDS = 3
AREAS, VARIABLES = 5000, 58  # as many as the region that the goals are about
FULL = 50  # restarts of scikit-learn that are timed; the rest is extrapolated


def report_quick() -> int:
    """Print the ratios; return 1 where one falls under half of its goal."""
    ratios = measure_ratios()
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.1f} times as fast, goal {GOALS[name]}")
    return int(any(ratio < GOALS[name] / 2 for name, ratio in ratios.items()))


def measure_ratios() -> dict[str, float]:
    """Return by how many times each stage is faster than the library."""
    # A limit reaches only the libraries that are loaded: without this, scikit-learn
    # would run on all cores, and lose many times its own time to busy ones.
    import sklearn.cluster
    import sklearn.metrics  # noqa: F401
    from threadpoolctl import threadpool_limits

    values = skewed_areas()
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "k-means, 1,000 restarts": compare(*kmeans_contenders(values))
            * (1000 / FULL),
            "UMAP, compiled": compare(*umap_contenders(values[:1500])),
            "silhouettes of 8 k": compare(*silhouette_contenders(values[:2000])),
        }


def skewed_areas() -> np.ndarray:
    """Return areas whose variables are skewed and share causes, as in a census."""
    random = np.random.default_rng(1)
    mixed = random.normal(size=(AREAS, 5)) @ random.normal(size=(5, VARIABLES))
    values = np.arcsinh(np.exp((mixed + random.normal(size=mixed.shape)) / 2))
    return (values - values.min(axis=0)) / np.ptp(values, axis=0)


def compare(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Return the median ratio of CPU times, after one run of each to compile."""
    ours(), theirs()
    return median(cpu_of(theirs) / cpu_of(ours) for _ in range(ROUNDS))


def cpu_of(task: Callable[[], object]) -> float:
    """Return the CPU seconds of a call."""
    start = time.process_time()
    task()
    return time.process_time() - start


Contenders = tuple[Callable[[], object], Callable[[], object]]


def kmeans_contenders(values: np.ndarray) -> Contenders:
    """Give 1,000 screened restarts, and FULL of scikit-learn's."""
    from sklearn.cluster import KMeans

    from models_py.methods.kmeans import fit_kmeans

    fit_kmeans(values[:200], 5, restarts=10, seed=1)  # so that libraries are loaded
    return (
        lambda: fit_kmeans(values, 5, restarts=1000, seed=507),
        lambda: KMeans(5, init="random", n_init=FULL, random_state=507).fit(values),
    )


def umap_contenders(values: np.ndarray) -> Contenders:
    """Give both engines, with the same exact neighbours."""
    from models_py.methods.umap import umap_places

    return (
        lambda: umap_places(values, 30, 0.0, 300, 508, "fast"),
        lambda: umap_places(values, 30, 0.0, 300, 508, "umap-learn"),
    )


def silhouette_contenders(values: np.ndarray) -> Contenders:
    """Give the silhouettes of eight labellings."""
    from sklearn.metrics import silhouette_score

    from models_py.methods.cluster_validity import silhouettes

    random = np.random.default_rng(2)
    labels = {k: random.integers(0, k, len(values)) for k in range(2, 10)}
    return (
        lambda: silhouettes(values, labels, 507),
        lambda: [silhouette_score(values, own) for own in labels.values()],
    )
