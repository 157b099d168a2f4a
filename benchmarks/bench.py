"""Run placetypes and the flows that it replaces side by side, and write the table.

    python benchmarks/bench.py --input ../shared/data    # the real data
    python benchmarks/bench.py --demo                    # the synthetic demo
    python benchmarks/bench.py --quick                   # ratios only, under a minute
    python benchmarks/bench.py --growth FILE.npy         # seconds against rows

The peers need two libraries more: pip install --group bench, or make bench.

Each round runs every contender once, one after the other, each in a process of its own:
placetypes on an empty output folder, with compiled code thrown away (`first`) and kept
(`again`); the peer as it comes, and on one thread (OMP_NUM_THREADS=1), which is faster
on a busy machine. Seconds are medians over the rounds. Ratios are taken within a round,
against the better of the two peer runs, and then their median. CPU is user and system
time, of the process and those that it waits for; memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PEERS = Path(__file__).parent / "peers"
REGION = {True: "Demo City Region (synthetic)", False: "Liverpool City Region"}


class Measured(NamedTuple):
    """One process: what it took and what it found."""

    seconds: float
    cpu: float
    megabytes: float
    stages: dict[str, float]
    facts: dict[str, float]


def main() -> None:
    """Run what the arguments ask for."""
    arguments = parse_arguments()
    if arguments.quick:
        from benchmarks.quick import report_quick

        sys.exit(report_quick())
    if arguments.growth:
        from benchmarks.growth import report_growth

        return report_growth(arguments.growth)
    folders = input_folders(arguments)
    text = [f"# {'Synthetic demo' if arguments.demo else 'Real data'}, {machine()}", ""]
    for job in arguments.jobs:
        rounds = []
        for _ in range(arguments.rounds):
            rounds.append(run_round(job, folders[job], arguments.demo))
        text += [*table(job, rounds), ""]
    print("\n".join(text))
    if arguments.write:
        (Path(__file__).parent / "RESULTS.md").write_text("\n".join(text), "utf-8")


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--demo", action="store_true", help="use the synthetic demo")
    parser.add_argument("--quick", action="store_true", help="ratios of stages")
    parser.add_argument("--growth", type=Path, help="a .npy matrix to cut rows from")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", nargs="+", default=["census", "embeddings"])
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    return parser.parse_args()


def input_folders(arguments: argparse.Namespace) -> dict[str, Path]:
    """Return each job's folder. The demo is chosen where the real data is missing."""
    arguments.demo = arguments.demo or not arguments.input.is_dir()
    if arguments.demo:
        from data.demo import ensure_demo

        demo = ensure_demo(ROOT / "data" / "demo")
        return {"census": demo, "embeddings": demo}
    return {
        "census": arguments.input / "census" / "input_data",
        "embeddings": arguments.input / "embeddings",
    }


def machine() -> str:
    """Name the machine and how busy it is."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({names[0] if names else platform.processor()}), "
        f"Python {platform.python_version()}, load {load:.1f} at the end"
    )


# --- Contenders -----------------------------------------------------------------------


def run_round(job: str, folder: Path, demo: bool) -> dict[str, Measured]:
    """Run every contender once."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        compiled = {"NUMBA_CACHE_DIR": str(work / "compiled")}
        contenders = {
            "first": (placetypes, compiled),
            "again": (placetypes, compiled),
            "peer": (peer, {}),
            "peer, 1 thread": (peer, {"OMP_NUM_THREADS": "1"}),
        }
        measured = {}
        for contender, (run, settings) in contenders.items():
            measured[contender] = run(job, folder, work / contender, demo, settings)
            taken = measured[contender]
            print(
                f"{job}, {contender}: {taken.seconds:.1f} s, CPU {taken.cpu:.1f} s, "
                f"load {os.getloadavg()[0]:.1f}",
                file=sys.stderr,
                flush=True,
            )
        return measured


def placetypes(
    job: str, folder: Path, output: Path, demo: bool, settings: dict[str, str]
) -> Measured:
    """Run a job of placetypes on an empty output folder."""
    import duckdb

    command = ["pipeline.py", "run", job, "--input", str(folder)]
    if demo and job == "census":
        command += ["--set", f"region={REGION[demo]}", "--set", "subgroups=3"]
    taken = measure([*command, "--output", str(output)], ROOT, settings)
    with duckdb.connect(str(output / "placetypes.duckdb"), read_only=True) as database:
        stages = dict(
            database.execute("select model, seconds from meta.models").fetchall()
        )
        facts = quality(database, job)
    return Measured(*taken, stages, facts)


def quality(database: Any, job: str) -> dict[str, float]:
    """Return inertia and trustworthiness of what placetypes published."""
    from models_py.clustergrams import inertia
    from models_py.tables import area_matrix

    inputs, clusters, column = {
        "census": ("cluster_inputs", "supergroups", "supergroup"),
        "embeddings": ("embeddings", "clusters", "cluster"),
    }[job]
    matrix = area_matrix(
        database.sql(f"from {job}.{inputs} order by area").to_arrow_table()
    ).values
    labels = database.sql(f"select {column} from {job}.{clusters} order by area")
    places = database.sql(f"select umap_x, umap_y from {job}.umap order by area")
    facts = {"inertia": inertia(matrix, labels.fetchnumpy()[column].astype(str))}
    if job == "census":  # the embeddings lab draws no UMAP
        both = np.column_stack(list(places.fetchnumpy().values()))
        facts["trustworthiness"] = trust(matrix, both)
    return facts


def peer(
    job: str, folder: Path, output: Path, demo: bool, settings: dict[str, str]
) -> Measured:
    """Run the flow that a job replaces."""
    output.mkdir()
    command = [str(PEERS / f"{job}.py"), str(folder), str(output)]
    if job == "census":
        command += districts(demo)
    taken = measure(command, PEERS, settings)
    document = json.loads((output / "peer.json").read_text("utf-8"))
    facts = {"inertia": document["inertia"]}
    with np.load(output / "peer.npz") as arrays:
        if len(arrays["places"]):
            facts["trustworthiness"] = trust(arrays["values"], arrays["places"])
    return Measured(*taken, document["seconds"], facts)


def districts(demo: bool) -> list[str]:
    """Return the district codes of the region that is classified."""
    import csv

    with (ROOT / "data" / "regions.csv").open(encoding="utf-8") as file:
        return [
            row["district"]
            for row in csv.DictReader(file)
            if row["region"] == REGION[demo]
        ]


def measure(
    command: list[str], folder: Path, settings: dict[str, str]
) -> tuple[float, float, float]:
    """Run a script; return its seconds, its CPU seconds and its peak in megabytes."""
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**os.environ, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode:
            log.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{log.read().decode()[-3000:]}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def trust(values: np.ndarray, places: np.ndarray) -> float:
    """Return how far neighbours on the map are neighbours in the data, 0 to 1."""
    from sklearn.manifold import trustworthiness

    return float(trustworthiness(values, places, n_neighbors=15, metric="cosine"))


# --- Tables ---------------------------------------------------------------------------


def table(job: str, rounds: list[dict[str, Measured]]) -> list[str]:
    """Return a job's results as Markdown."""
    lines = [
        f"## {job}, {len(rounds)} rounds",
        "",
        "| | s | CPU s | peak MB | faster than peer | inertia | trustworthiness |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in rounds[0]:
        runs = [measured[name] for measured in rounds]
        facts = runs[0].facts
        shown = f"{facts['trustworthiness']:.4f}" if "trustworthiness" in facts else ""
        lines.append(
            f"| {name if 'peer' in name else 'placetypes, ' + name} "
            f"| {median(run.seconds for run in runs):.1f} "
            f"| {median(run.cpu for run in runs):.1f} "
            f"| {median(run.megabytes for run in runs):.0f} "
            f"| {ratio(rounds, name):.1f} × "
            f"| {facts['inertia']:.4f} | {shown} |"
        )
    lines += ["", "Stages of 0.1 s and more, seconds:", ""]
    for name in ("again", "peer", "peer, 1 thread"):
        stages = {
            stage: median(measured[name].stages.get(stage, 0) for measured in rounds)
            for stage in rounds[0][name].stages
        }
        longest = sorted(stages.items(), key=lambda entry: -entry[1])
        listed = [f"{stage} {took:.1f}" for stage, took in longest if took >= 0.1]
        lines.append(f"- {name}: {', '.join(listed)}")
    return lines


def ratio(rounds: list[dict[str, Measured]], name: str) -> float:
    """Return how many times faster than the better peer run of the same round."""
    return median(
        min(measured["peer"].seconds, measured["peer, 1 thread"].seconds)
        / measured[name].seconds
        for measured in rounds
    )


if __name__ == "__main__":
    main()
