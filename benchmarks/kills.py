"""Kills runs at random places and reads all that is published after each.

    python benchmarks/kills.py [--kills 1000] [--seed 1]

A run of a tiny town is forked from a process that has loaded everything, so that a kill
costs a second. A third of the kills fall anywhere in the run, a third while it writes
what it publishes, a third just before one of its renames. After each, and all the while
in another process, every published file is held against the manifest: database, tables,
GeoPackage and page must be of one run.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pipeline  # noqa: E402
from placetypes.errors import PlacetypesError  # noqa: E402
from placetypes.publishing import (  # noqa: E402
    JOURNAL,
    MANIFEST,
    STAGING,
    finish_if_interrupted,
    read_manifest,
    refuse_mixture,
)

TABLES = ["census.supergroups"]
FILES = "supergroups.csv"
LEAST = 3  # files: database, table, page
RENAMES = 8  # of a run: its copy, the history, the journal and the files that it names


def arguments(folder: Path, output: Path, clusters: int) -> list[str]:
    """Return a run of a few tables, with its page."""
    settings = {"region": "West", "census.clusters": clusters, "restarts": 5}
    settings |= {"subgroups": 1, "threads": 1, "history": 2}
    sets = [f"--set={name}={value}" for name, value in settings.items()]
    return ["run", *TABLES, *sets, "--input", str(folder), "--output", str(output)]


def forked(work: Callable[[], int]) -> int:
    """Do some work in a copy of this process; return its number."""
    child = os.fork()
    if child:
        return child
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    code = 1
    try:
        code = work()
    finally:
        os._exit(code)


def start(folder: Path, output: Path, clusters: int, renames: int | None = None) -> int:
    """Start a run in a copy of this process, which may kill itself at a renaming."""

    def work() -> int:
        if renames is not None:
            die_before_renaming(renames)
        return pipeline.main(arguments(folder, output, clusters))

    return forked(work)


def die_before_renaming(number: int) -> None:
    """Let this process be killed when it has renamed so many files."""
    left, rename = iter(range(number)), Path.replace

    def replace(path: Path, target: Path) -> Path:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return rename(path, target)

    Path.replace = replace


def finish(child: int) -> None:
    """Wait for a run that must succeed."""
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"A run that was left alone ended with {status}.")


def has_ended(child: int) -> bool:
    """Tell whether a run is over."""
    return os.waitpid(child, os.WNOHANG) != (0, 0)


def kill_anywhere(child: int, output: Path, moment: float) -> str:
    """Kill a run after some seconds; say where that was."""
    end = time.monotonic() + moment
    while time.monotonic() < end:
        if has_ended(child):
            return "too late"
        time.sleep(0.002)
    return kill(child, output)


def kill_after(child: int, output: Path, file: Path, moment: float) -> str:
    """Kill a run some seconds after a file is there."""
    while not file.exists():
        if has_ended(child):
            return "too late"
        time.sleep(0.002)
    return kill_anywhere(child, output, moment)


def kill(child: int, output: Path) -> str:
    """Kill a run; say where that was."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return place_of(output)


def place_of(output: Path) -> str:
    """Say how far a run had come that was killed."""
    if (output / STAGING / JOURNAL).exists():
        return "between renames"
    return "staging" if (output / STAGING).exists() else "building, or published"


def check_all(output: Path) -> None:
    """Read every published file as the next command would; raise for a mixture."""
    finish_if_interrupted(output)
    if refuse_mixture(output) < LEAST:
        raise SystemExit("Files are missing.")
    import duckdb

    run = read_manifest(output)["run"]
    with duckdb.connect(output / "placetypes.duckdb", read_only=True) as connection:
        rows = connection.sql("select distinct run_id from meta.models").fetchall()
        areas = connection.sql("from census.supergroups order by area").fetchall()
        written = connection.sql(
            f"select * from read_csv('{output / 'census' / FILES}') order by area"
        ).fetchall()
    if rows != [(run,)] or [a[:2] for a in areas] != [w[:2] for w in written]:
        raise SystemExit(f"The database is of {rows}, the manifest of {run}.")


def read_all_the_while(output: Path, stop: Path) -> int:
    """Read the database and the manifest until a file appears.

    Between two renames the manifest is still the former one, and the journal is there:
    that is what a reader who calls no command sees, and `check` finishes.
    """
    import duckdb

    reads = 0
    while not stop.exists():
        place = output / "placetypes.duckdb"
        with duckdb.connect(place, read_only=True) as connection:
            runs = connection.sql("select distinct run_id from meta.models").fetchall()
        if len(runs) != 1 or not read_manifest(output):
            return 1
        try:
            refuse_mixture(output)
        except PlacetypesError:
            time.sleep(0.3)  # a kill between renames, until the next command
            if not (output / STAGING / JOURNAL).exists():
                refuse_settled(output)
        reads += 1
        time.sleep(0.2)
    return 0 if reads else 1


def refuse_settled(output: Path) -> None:
    """Raise where no publication is under way and files still don't fit."""
    before = (output / MANIFEST).stat().st_mtime_ns
    try:
        refuse_mixture(output)
    except PlacetypesError:
        under_way = (output / STAGING / JOURNAL).exists()
        if not under_way and (output / MANIFEST).stat().st_mtime_ns == before:
            raise


def kill_one(
    folder: Path, output: Path, number: int, usual: float, moments: random.Random
) -> str:
    """Start a run and kill it; say where that was."""
    clusters, moment = 2 + number % 3, moments.random()
    if number % 3 == 0:
        return kill_anywhere(start(folder, output, clusters), output, moment * usual)
    if number % 3 == 1:
        child = start(folder, output, clusters)
        return kill_after(child, output, output / STAGING, moment * usual / 5)
    child = start(folder, output, clusters, renames=moments.randrange(RENAMES))
    _, status = os.waitpid(child, 0)
    return place_of(output) if status else "too late"


def measure(kills: int, seed: int, folder: Path, output: Path) -> Counter[str]:
    """Kill that many runs; return where they were."""
    finish(start(folder, output, 2))
    began = time.monotonic()
    finish(start(folder, output, 3))
    usual = time.monotonic() - began
    stop = output.with_name("stop")
    reader = forked(lambda: read_all_the_while(output, stop))
    moments = random.Random(seed)  # noqa: S311 - no secret
    places: Counter[str] = Counter()
    for number in range(kills):
        places[kill_one(folder, output, number, usual, moments)] += 1
        check_all(output)
    stop.touch()
    finish(reader)
    finish(start(folder, output, 5))
    check_all(output)
    return places


def main() -> None:
    """Print how many kills fell where; end with an error at the first mixture."""
    from tests.conftest import write_small_city

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        folder, output = Path(place) / "input", Path(place) / "outputs"
        folder.mkdir()
        write_small_city(folder)
        places = measure(options.kills, options.seed, folder, output)
    found = ", ".join(f"{count} {where}" for where, count in places.most_common())
    seconds = time.monotonic() - began
    print(f"{options.kills} kills in {seconds:.0f} s ({found}): no mixture.")


if __name__ == "__main__":
    main()
