"""Fits on a Dask cluster beside the same fits on this machine.

python benchmarks/cluster.py CENSUS EMBEDDINGS    folders with a census' files and with
                                                  embeddings; prints a Markdown table

The cluster is real, and as slow to reach as loopback: a scheduler and two workers of
one thread each, in processes of their own on this machine. So its seconds beside those
of two cores here are what starting, sending code and areas, and waiting cost.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 1
CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    print(cluster.scheduler_address, flush=True)
    input()
"""
COUNTRY = ("--set", "region=all", "--set", "clusters=8")
# A table whose fits may go elsewhere, of which folder, with which parameters.
FITS = {
    "k-means, 1,000 restarts, one region": ("census.supergroups", 0, ()),
    "the same, exhaustive": (
        "census.supergroups",
        0,
        ("--set", "restart_strategy=exhaustive"),
    ),
    "k-means, 1,000 restarts, all areas of the file": (
        "census.supergroups",
        0,
        COUNTRY,
    ),
    "clustergram, all areas of the file": ("census.clustergram_labels", 0, COUNTRY),
    "forests of three sets of features": ("embeddings.forests", 1, ()),
}


def main() -> None:
    """Time each fit here and there, in turn; print seconds and ratios."""
    folders = sys.argv[1:3]
    rows, seeds = [], count(1)
    with tempfile.TemporaryDirectory() as name, cluster() as address:
        for what, (table, number, parameters) in FITS.items():
            arguments = [table, "--input", folders[number], *parameters]
            places = {"local": [], f"dask://{address}": []}
            for _ in range(ROUNDS):
                for place, took in places.items():
                    output = Path(name) / what
                    took.append(timed(output, arguments, place, next(seeds)))
            here, there = (
                [median(values) for values in zip(*took, strict=True)]
                for took in places.values()
            )
            rows.append((what, *here, *there))
            print(f"{what}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print("| what | step here | step there | command here | command there |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for what, step, command, other_step, other_command in rows:
        seconds = (step, other_step, command, other_command)
        print(f"| {what} | {' | '.join(f'{second:.1f} s' for second in seconds)} |")


@contextmanager
def cluster() -> Iterator[str]:
    """Start a scheduler and two workers; give host and port."""
    process = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().strip().removeprefix("tcp://")
    finally:
        process.communicate("stop\n", timeout=60)


def timed(
    output: Path, arguments: list[str], place: str, seed: int
) -> tuple[float, float]:
    """Build a table by a seed, what it reads being built; return its and all seconds.

    The first time all is built without being timed, by another seed.
    """
    command = [sys.executable, str(ROOT / "pipeline.py"), "run"]
    options = [*arguments, "--output", str(output)]
    if not output.exists():
        first = [*command, *options, "--set", "seed=0"]
        subprocess.run(first, check=True, capture_output=True)
    start = perf_counter()
    there = ["--set", f"compute={place}", "--set", f"seed={seed}"]
    done = subprocess.run(
        [*command, *options, *there], check=True, capture_output=True, text=True
    )
    took = perf_counter() - start
    table = re.escape(arguments[0])
    step = re.search(rf"^{table} +[\d,]+ rows +([\d.]+) s", done.stderr, re.MULTILINE)
    return float(step[1]), took


if __name__ == "__main__":
    main()
