"""Compare screened restarts with as many full ones: what they find, and how soon.

For each data set and seed, ``screened`` is compared with ``exhaustive`` at the same
number of restarts:

- worse: seeds whose screened inertia is higher by more than the tolerance (1e-7);
- worst, median: relative difference of the inertias, negative where screened is lower;
- least ARI: adjusted Rand index of the two partitions, at the seed where they differ
  most (different partitions of equal merit are common where there is no structure);
- ratio: seconds of exhaustive over seconds of screened.

    python benchmarks/kmeans_quality.py                        # synthetic shapes
    python benchmarks/kmeans_quality.py --matrix region.npy --clusters 5
    python benchmarks/kmeans_quality.py --matrix national.npy --clusters 8 --full 4

``--full`` is for large matrices: so many full scikit-learn restarts are timed and the
time of all is extrapolated; each seed's inertia is compared with the least one found.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from models_py.methods.kmeans import fit_kmeans

TOLERANCE = 1e-7


def overlapping_blobs(random: np.random.Generator) -> np.ndarray:
    """Eight round clusters, 1.5 spreads apart."""
    centres = random.normal(0, 1.5, (8, 6))
    return np.repeat(centres, 150, axis=0) + random.normal(0, 1, (1200, 6))


def unequal_sizes(random: np.random.Generator) -> np.ndarray:
    """Six clusters, of 800 areas down to 5."""
    sizes = [800, 300, 100, 40, 15, 5]
    centres = random.normal(0, 4, (6, 4))
    return np.repeat(centres, sizes, axis=0) + random.normal(0, 1, (sum(sizes), 4))


def elongated(random: np.random.Generator) -> np.ndarray:
    """Five clusters, 20 times longer than thick."""
    centres = random.normal(0, 3, (5, 3))
    noise = random.normal(0, 1, (1000, 3)) * [6.0, 1.0, 0.3]
    return np.repeat(centres, 200, axis=0) + noise


def uniform_noise(random: np.random.Generator) -> np.ndarray:
    """No clusters at all."""
    return random.uniform(size=(1000, 5))


def heavy_duplicates(random: np.random.Generator) -> np.ndarray:
    """1,500 areas on 27 places."""
    return random.integers(0, 3, (1500, 3)).astype(float)


def one_dimensional(random: np.random.Generator) -> np.ndarray:
    """One skewed variable."""
    return random.lognormal(size=(1000, 1))


def barely_more_rows_than_clusters(random: np.random.Generator) -> np.ndarray:
    """Twelve areas, for ten clusters."""
    return random.normal(size=(12, 3))


def constant_columns(random: np.random.Generator) -> np.ndarray:
    """Three of seven variables say nothing."""
    varying = random.beta(2, 5, (1000, 4))
    return np.hstack([varying, np.full((1000, 3), 0.5)])


def many_blobs(random: np.random.Generator) -> np.ndarray:
    """Fifteen small clusters, some of which touch."""
    centres = random.uniform(0, 10, (15, 2))
    return np.repeat(centres, 60, axis=0) + random.normal(0, 0.4, (900, 2))


def skewed_scaled(random: np.random.Generator) -> np.ndarray:
    """Resemble scaled census percentages: skewed and correlated."""
    common = random.normal(size=(2000, 3))
    mixed = common @ random.normal(size=(3, 20)) + random.normal(size=(2000, 20))
    values = np.arcsinh(np.exp(mixed))
    low, high = values.min(axis=0), values.max(axis=0)
    return (values - low) / (high - low)


Shape = Callable[[np.random.Generator], np.ndarray]

SHAPES: dict[str, tuple[Shape, int]] = {
    "overlapping blobs": (overlapping_blobs, 8),
    "unequal sizes": (unequal_sizes, 6),
    "elongated": (elongated, 5),
    "uniform noise": (uniform_noise, 6),
    "heavy duplicates": (heavy_duplicates, 5),
    "one-dimensional": (one_dimensional, 6),
    "n just above k": (barely_more_rows_than_clusters, 10),
    "constant columns": (constant_columns, 5),
    "many blobs": (many_blobs, 15),
    "skewed, unit scaled": (skewed_scaled, 6),
}


def main() -> None:
    """Run what the arguments ask for."""
    arguments = parse_arguments()
    if arguments.full:
        return compare_large(arguments)
    print_row("data", "k", "worse", "worst", "median", "least ARI", "ratio")
    if arguments.matrix:
        matrix = np.load(arguments.matrix)
        sets = {arguments.matrix.stem: (lambda _: matrix, arguments.clusters)}
    else:
        sets = {k: v for k, v in SHAPES.items() if arguments.only in (None, k)}
    for name, (shape, clusters) in sets.items():
        compare(name, shape, clusters, arguments)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--restarts", type=int, default=1000)
    parser.add_argument("--only", choices=SHAPES, help="one synthetic shape")
    parser.add_argument("--matrix", type=Path, help="a .npy file of areas by variables")
    parser.add_argument("--clusters", type=int, default=5, help="for --matrix")
    parser.add_argument("--full", type=int, help="full restarts to time, then scale up")
    parser.add_argument("--workers", type=int, default=-1)
    return parser.parse_args()


def print_row(*cells: object) -> None:
    """Print a row of the table."""
    widths = (22, 4, 8, 10, 10, 10, 7)
    print(*(str(cell).ljust(w) for cell, w in zip(cells, widths, strict=True)))
    sys.stdout.flush()


def compare(
    name: str, shape: Shape, clusters: int, arguments: argparse.Namespace
) -> None:
    """Print how the strategies differ on one data set over the seeds."""
    from sklearn.metrics import adjusted_rand_score

    differences, indices = [], []
    seconds = {"exhaustive": 0.0, "screened": 0.0}
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    for seed in seeds:
        matrix = shape(np.random.default_rng(seed))
        fits = {}
        for strategy in seconds:
            start = time.perf_counter()
            fits[strategy] = fit_kmeans(
                matrix,
                clusters,
                restarts=arguments.restarts,
                seed=seed,
                strategy=strategy,
                workers=arguments.workers,
            )
            seconds[strategy] += time.perf_counter() - start
        full, screened = fits["exhaustive"], fits["screened"]
        differences.append(screened.inertia / full.inertia - 1)
        indices.append(adjusted_rand_score(full.labels, screened.labels))
    worse = sum(difference > TOLERANCE for difference in differences)
    print_row(
        name,
        clusters,
        f"{worse} of {len(differences)}",
        f"{max(differences):.1e}",
        f"{np.median(differences):.1e}",
        f"{min(indices):.4f}",
        f"{seconds['exhaustive'] / seconds['screened']:.1f}",
    )


def compare_large(arguments: argparse.Namespace) -> None:
    """Print time and inertia by seed, where full restarts take too long."""
    matrix = np.load(arguments.matrix)
    inertias = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        full = seconds_of_full_restarts(matrix, seed, arguments)
        start = time.perf_counter()
        fit = fit_kmeans(
            matrix,
            arguments.clusters,
            restarts=arguments.restarts,
            seed=seed,
            workers=arguments.workers,
        )
        elapsed = time.perf_counter() - start
        inertias.append(fit.inertia)
        print(
            f"seed {seed}: {elapsed:.1f} s, {arguments.restarts} full restarts "
            f"{full:.0f} s, ratio {full / elapsed:.0f}, inertia {fit.inertia:.5f}",
            flush=True,
        )
    above = np.array(inertias) / min(inertias) - 1
    print(f"above the least inertia, relatively: at most {above.max():.1e}")


def seconds_of_full_restarts(
    matrix: np.ndarray, seed: int, arguments: argparse.Namespace
) -> float:
    """Time a few of scikit-learn's full restarts, and scale up to all of them.

    They are timed beside each seed, since other work on the machine comes and goes.
    """
    from sklearn.cluster import KMeans

    start = time.perf_counter()
    KMeans(
        arguments.clusters, init="random", n_init=arguments.full, random_state=seed
    ).fit(matrix)
    return (time.perf_counter() - start) / arguments.full * arguments.restarts


if __name__ == "__main__":
    main()
