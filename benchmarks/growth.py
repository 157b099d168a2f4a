"""Seconds against rows: k-means, clustergram and UMAP on parts of a large matrix."""

import time
from pathlib import Path

import numpy as np

ROWS = (5_000, 25_000, 100_000, 189_000)


def report_growth(path: Path) -> None:
    """Print each stage's seconds, and CPU seconds per 1,000 rows, by rows."""
    from models_py.clustergrams import labels_by_k
    from models_py.kmeans import fit_kmeans
    from models_py.likeness import likeness_map

    matrix = np.load(path)
    shuffled = np.random.default_rng(0).permutation(len(matrix))
    stages = {
        "k-means, k = 8": lambda m: fit_kmeans(m, 8, restarts=1000, seed=507),
        "clustergram, k to 9": lambda m: labels_by_k(m, 9, 100, "screened", 507),
        "UMAP": lambda m: likeness_map(m, 30, 0.0, 500, 508),
    }
    print("| stage | rows | s | CPU s | CPU ms per 1,000 rows |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, stage in stages.items():
        for rows in sorted({min(count, len(matrix)) for count in ROWS}):
            part = matrix[np.sort(shuffled[:rows])]
            start, used = time.perf_counter(), time.process_time()
            stage(part)
            seconds, cpu = time.perf_counter() - start, time.process_time() - used
            each = cpu * 1e6 / rows
            print(f"| {name} | {rows:,} | {seconds:.1f} | {cpu:.1f} | {each:.0f} |")
