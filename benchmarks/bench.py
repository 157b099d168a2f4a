"""Run placetypes and the flows that it replaces side by side, and write the table.

    python benchmarks/bench.py                # the real data, if there, and the demo
    python benchmarks/bench.py --only demo    # or: real, growth
    python benchmarks/bench.py --quick        # ratios only, under a minute

All of it takes 20 minutes on two cores: three rounds of the real data, one of the demo.

The peers need two libraries more: pip install --group bench, or make bench.

Each round runs the contenders one after the other, each in a process of its own:
placetypes on an empty output folder, with compiled code kept (`again`), and building
one table at a time, which gives the stages their seconds; and the peer. The first round
also runs placetypes with compiled code thrown away (`first`), and the peer on one
thread (OMP_NUM_THREADS=1), which is faster on a busy machine; the faster of the two
runs in the other rounds. Seconds are medians over the rounds. Ratios are taken within a
round, against the faster peer; shown are their median, least and greatest. CPU is user
and system time, of the process and those that it waits for; memory is the peak of the
process.

There is one contender more, `peer's outputs`: a job's tables that the peer makes too,
and those that they are made from, without what placetypes adds (census: more levels,
portraits, histograms, the page; embeddings: unseen blocks, permutation importance,
clustergram, UMAP) and without maps. It is held against the peer without its maps.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PEERS = Path(__file__).parent / "peers"
OUTPUTS_ALONE = "peer's outputs"
ONE_LANE = "one table at a time"  # a stage's seconds are its own then
PEER, ONE_THREAD = "peer", "peer, 1 thread"
ONCE = ("first", OUTPUTS_ALONE)  # contenders of the first round only
PEER_TABLES = {
    "census": [
        "clustergram",
        "subgroup_clustergrams",
        "index_scores",
        "classification",
    ],
    "embeddings": ["representative_areas", "forest_predictions", "forest_importances"],
}
PEER_SETTINGS = {
    "census": [],
    # The least that these tables can be made with beyond the peer's three forests.
    "embeddings": [
        "embeddings.fold_trees=1",
        "embeddings.folds=2",
        "embeddings.permutation_repeats=1",
    ],
}
# The peers' stages, and the models that do the same.
STAGES = {
    "census": {
        "clustergram": ["clustergram_labels", "clustergram_scores"],
        "k-means": ["supergroups"],
        "sub-clustergrams": [
            "subgroup_clustergram_labels",
            "subgroup_clustergram_scores",
        ],
        "subgroups": ["subgroups"],
        "UMAP": ["umap"],
        "profiles": ["index_scores"],
    },
    "embeddings": {
        "k-means": ["clusters", "cluster_centroids", "representative_areas"],
        "forests": ["forests", "forest_predictions"],
    },
}
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
    write(["# What `make bench` measured", "", machine(), ""], arguments, mode="w")
    for data in arguments.only:
        if data != "demo" and not arguments.input.is_dir():
            missing = f"The real data is not in {arguments.input.name}: no {data}."
            write([missing, ""], arguments)
        elif data == "growth":
            from benchmarks.growth import growth

            folder = arguments.input / "census" / "input_data"
            write(growth(folder, arguments.times), arguments)
        else:
            folders = input_folders(arguments.input, data)
            demo = data == "demo"
            name = "synthetic demo" if demo else "real data"
            for job in arguments.jobs:
                count = 1 if demo else arguments.rounds
                rounds = run_rounds(job, folders[job], demo, count)
                write([*table(job, name, rounds), ""], arguments)


def write(lines: list[str], arguments: argparse.Namespace, mode: str = "a") -> None:
    """Print lines, and write them down where that is asked for."""
    text = "\n".join(lines)
    print(text, flush=True)
    if arguments.write:
        with (Path(__file__).parent / "RESULTS.md").open(
            mode, encoding="utf-8"
        ) as file:
            file.write(text + "\n")


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=["real", "demo", "growth"],
        default=["real", "demo", "growth"],
        help="what to measure",
    )
    parser.add_argument("--quick", action="store_true", help="ratios of stages")
    parser.add_argument(
        "--rounds", type=int, default=3, help="of the real data; the demo has one"
    )
    parser.add_argument(
        "--times", type=int, default=1, help="growth: to so many countries of areas"
    )
    parser.add_argument("--jobs", nargs="+", default=["census", "embeddings"])
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    return parser.parse_args()


def input_folders(real: Path, data: str) -> dict[str, Path]:
    """Return each job's folder."""
    if data == "demo":
        from data.demo import ensure_demo

        demo = ensure_demo(ROOT / "data" / "demo")
        return {"census": demo, "embeddings": demo}
    return {
        "census": real / "census" / "input_data",
        "embeddings": real / "embeddings",
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
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


# --- Contenders -----------------------------------------------------------------------


def run_rounds(
    job: str, folder: Path, demo: bool, count: int
) -> list[dict[str, Measured]]:
    """Run the contenders so many times; later rounds have the faster peer only."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        compiled = {"NUMBA_CACHE_DIR": str(work / "compiled")}
        contenders: dict[str, Callable[[Path], Measured]] = {
            "first": partial(placetypes, job, folder, demo, compiled),
            "again": partial(placetypes, job, folder, demo, compiled),
            ONE_LANE: partial(placetypes, job, folder, demo, compiled, lanes=1),
            PEER: partial(peer, job, folder, demo, {}),
            ONE_THREAD: partial(peer, job, folder, demo, {"OMP_NUM_THREADS": "1"}),
            OUTPUTS_ALONE: partial(outputs_alone, job, folder, demo, compiled),
        }
        rounds = [run_round(contenders, work / "0")]
        slower = max((PEER, ONE_THREAD), key=lambda name: rounds[0][name].seconds)
        for once in (*ONCE, slower):
            del contenders[once]
        rounds += [run_round(contenders, work / f"{n}") for n in range(1, count)]
        return rounds


def run_round(
    contenders: dict[str, Callable[[Path], Measured]], work: Path
) -> dict[str, Measured]:
    """Run every contender once."""
    work.mkdir()
    measured = {}
    for name, run in contenders.items():
        measured[name] = taken = run(work / name)
        print(
            f"{name}: {taken.seconds:.1f} s, CPU {taken.cpu:.1f} s, "
            f"load {os.getloadavg()[0]:.1f}",
            file=sys.stderr,
            flush=True,
        )
    return measured


def placetypes(
    job: str,
    folder: Path,
    demo: bool,
    settings: dict[str, str],
    output: Path,
    lanes: int = 2,
) -> Measured:
    """Run a job of placetypes on an empty output folder."""
    import duckdb

    command = ["pipeline.py", "run", job, "--input", str(folder)]
    command += ["--output", str(output), *demo_settings(job, demo)]
    command += ["--set", f"pipeline.lanes={lanes}"]
    taken = measure(command, ROOT, settings)
    with duckdb.connect(str(output / "placetypes.duckdb"), read_only=True) as database:
        stages = dict(
            database.execute("select model, seconds from meta.models").fetchall()
        )
        facts = quality(database, job)
    return Measured(*taken, stages, facts)


def demo_settings(job: str, demo: bool) -> list[str]:
    """Return the parameters that a run without --input takes for the demo."""
    if not demo:
        return []
    document = yaml.safe_load((ROOT / "sql" / job / "parameters.yml").read_text())
    return [
        word
        for name, entry in document.items()
        if "demo" in entry
        for word in ("--set", f"{job}.{name}={entry['demo']}")
    ]


def outputs_alone(
    job: str, folder: Path, demo: bool, settings: dict[str, str], output: Path
) -> Measured:
    """Run what the peer makes, and nothing else."""
    command = ["pipeline.py", "run", *(f"{job}.{name}" for name in PEER_TABLES[job])]
    command += ["--input", str(folder), "--output", str(output)]
    for setting in [*PEER_SETTINGS[job], "pipeline.report=false"]:
        command += ["--set", setting]
    command += demo_settings(job, demo)
    taken = measure(command, ROOT, settings)
    return Measured(*taken, {}, {})


def quality(database: Any, job: str) -> dict[str, float]:
    """Return inertia and trustworthiness of what placetypes published."""
    from models_py.methods.cluster_validity import inertia
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
    if job == "census":  # the embeddings lab draws neither
        rows = database.sql("select k, inertia from census.clustergram_scores")
        facts |= {f"inertia k{k}": value for k, value in rows.fetchall()}
        both = np.column_stack(list(places.fetchnumpy().values()))
        facts["trustworthiness"] = trust(matrix, both)
    return facts


def peer(
    job: str, folder: Path, demo: bool, settings: dict[str, str], output: Path
) -> Measured:
    """Run the flow that a job replaces."""
    output.mkdir()
    command = [str(PEERS / f"{job}.py"), str(folder), str(output)]
    if job == "census":
        command += districts(demo)
    taken = measure(command, PEERS, settings)
    document = json.loads((output / "peer.json").read_text("utf-8"))
    facts = {
        name: value for name, value in document.items() if name.startswith("inertia")
    }
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
    launcher = Path(__file__).with_name("measured.py")
    with tempfile.TemporaryDirectory() as name:
        facts, log = Path(name) / "facts.json", Path(name) / "log"
        with log.open("wb") as sink:
            outcome = subprocess.run(
                [sys.executable, launcher, facts, sys.executable, *command],
                cwd=folder,
                env={**os.environ, **settings},
                stdout=sink,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if outcome.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{log.read_text()[-3000:]}")
        taken = json.loads(facts.read_text("utf-8"))
    return taken["seconds"], taken["cpu"], taken["megabytes"]


def trust(values: np.ndarray, places: np.ndarray) -> float:
    """Return how far neighbours on the map are neighbours in the data, 0 to 1."""
    from sklearn.manifold import trustworthiness

    return float(trustworthiness(values, places, n_neighbors=15, metric="cosine"))


# --- Tables ---------------------------------------------------------------------------


def table(job: str, data: str, rounds: list[dict[str, Measured]]) -> list[str]:
    """Return a job's results as Markdown."""
    lines = [
        f"## {job}, {data}, rounds: {len(rounds)}",
        "",
        "| whole process | s | CPU s | peak MB | times as fast | inertia "
        "| trustworthiness |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in rounds[0]:
        runs = [measured[name] for measured in rounds if name in measured]
        inertia, trusted = (
            f"{runs[0].facts[fact]:.4f}" if fact in runs[0].facts else ""
            for fact in ("inertia", "trustworthiness")
        )
        ratios = [ratio(measured, name) for measured in rounds if name in measured]
        lines.append(
            f"| {name if name in (PEER, ONE_THREAD) else f'placetypes, {name}'} "
            f"| {median(run.seconds for run in runs):.1f} "
            f"| {median(run.cpu for run in runs):.1f} "
            f"| {median(run.megabytes for run in runs):.0f} "
            f"| {with_spread(ratios)} | {inertia} | {trusted} |"
        )
    return [*lines, "", *stage_table(job, rounds), *excess_line(rounds)]


def with_spread(ratios: list[float]) -> str:
    """Return the median, and the least and the greatest where there are several."""
    least, greatest = f"{min(ratios):.1f}", f"{max(ratios):.1f}"
    spread = f" ({least} to {greatest})" if least != greatest else ""
    return f"{median(ratios):.1f}{spread}"


def peers_of(measured: dict[str, Measured]) -> list[Measured]:
    """Return the peer's runs of a round."""
    return [measured[name] for name in (PEER, ONE_THREAD) if name in measured]


def ratio(measured: dict[str, Measured], name: str) -> float:
    """Return how many times faster than the better peer run of the same round."""
    spared = "maps" if name == OUTPUTS_ALONE else ""
    best = min(run.seconds - run.stages.get(spared, 0) for run in peers_of(measured))
    return best / measured[name].seconds


def stage_table(job: str, rounds: list[dict[str, Measured]]) -> list[str]:
    """Return the stages that both have, with their ratios, as Markdown."""
    lines = [
        "| stage | placetypes s | the faster peer s | times as fast |",
        "| --- | ---: | ---: | ---: |",
    ]
    for stage, models in STAGES[job].items():
        names = [f"{job}.{model}" for model in models]
        own = [seconds_of(measured[ONE_LANE].stages, names) for measured in rounds]
        theirs = [min(p.stages[stage] for p in peers_of(m)) for m in rounds]
        ratios = [their / mine for mine, their in zip(own, theirs, strict=True)]
        lines.append(
            f"| {stage} | {median(own):.2f} | {median(theirs):.2f} "
            f"| {with_spread(ratios)} |"
        )
    return lines


def seconds_of(stages: dict[str, float], names: list[str]) -> float:
    """Return the seconds of some stages together."""
    return sum(stages[name] for name in names)


def excess_line(rounds: list[dict[str, Measured]]) -> list[str]:
    """Say how far the clustergram's inertias are above the peer's, at the worst k."""
    mine, theirs = rounds[0]["again"].facts, rounds[0][PEER].facts
    excess = [
        mine[name] / theirs[name] - 1 for name in theirs if name.startswith("inertia k")
    ]
    if not excess:
        return []
    return [
        "",
        f"Clustergram: inertia at most {max(excess):+.1e} of the peer's, any k.",
    ]


if __name__ == "__main__":
    main()
