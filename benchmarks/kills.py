"""Kills runs at random places and reads all that is published after each.

    python benchmarks/kills.py [--kills 1000] [--seed 1]

A run of a tiny town is forked from a process that has loaded everything, so that a kill
costs a second or two. A third of the kills fall anywhere in the run, a third while it
writes what it publishes, a third just before one of its renames. A run that ends before
it is struck doesn't count. After each kill, and all the while in another process, every
published file is held against the manifest: database, tables and page are of one run.
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
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pipeline  # noqa: E402
from placetypes.command_line import running as command  # noqa: E402
from placetypes.errors import PlacetypesError  # noqa: E402
from placetypes.publishing import (  # noqa: E402
    JOURNAL,
    MANIFEST,
    STAGING,
    finish_if_interrupted,
    read_manifest,
    refuse_mixture,
)
from placetypes.runner import run as running  # noqa: E402

TABLES = ["census.supergroups"]
FILES = "supergroups.csv"
LEAST = 3  # files: database, table, page
TOO_LATE = "too late"


class Usual(NamedTuple):
    """What a run that nothing befalls takes."""

    seconds: float  # all of it
    publishing: float  # from the moment when everything is built
    renames: int


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


def start(
    folder: Path,
    output: Path,
    clusters: int,
    prepare: Callable[[], None] = lambda: None,
) -> int:
    """Start a run in a copy of this process, prepared for what will befall it."""

    def work() -> int:
        prepare()
        return pipeline.main(arguments(folder, output, clusters))

    return forked(work)


def die_after(seconds: float) -> None:
    """Let this process be ended by the system after some seconds."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-4))


def before_publishing(what: Callable[[], object]) -> None:
    """Let this process do something when everything is built."""
    publish_all = running.publish_all

    def publish(*arguments: Any) -> None:
        what()
        publish_all(*arguments)

    running.publish_all = publish


def before_renaming(what: Callable[[], object]) -> None:
    """Let this process do something before each renaming."""
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        what()
        return rename(path, target)

    Path.replace = replace


def die_before_renaming(number: int) -> None:
    """Let this process be killed when it has renamed so many files."""
    left = iter(range(number))

    def count_or_die() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    before_renaming(count_or_die)


def finish(child: int) -> None:
    """Wait for a run that must succeed."""
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"A run that was left alone ended with {status}.")


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
    folder: Path, output: Path, number: int, usual: Usual, moments: random.Random
) -> str:
    """Start a run and kill it; say where that was."""
    moment = moments.random()
    befalls = (
        lambda: die_after(moment * usual.seconds),
        lambda: before_publishing(lambda: die_after(moment * usual.publishing)),
        lambda: die_before_renaming(int(moment * usual.renames)),
    )
    child = start(folder, output, 2 + number % 3, befalls[number % 3])
    _, status = os.waitpid(child, 0)
    if not status:
        return TOO_LATE
    if not os.WIFSIGNALED(status):
        raise SystemExit(f"A run ended with {status}, not by being killed.")
    return place_of(output)


def time_one(folder: Path, output: Path, clusters: int) -> Usual:
    """Run once and note what a run takes."""
    note = output.with_name("renames")
    marks = output.with_name("marks")

    def mark(file: Path) -> Callable[[], None]:
        def append() -> None:
            with file.open("a") as opened:
                opened.write(f"{time.monotonic()}\n")

        return append

    def prepare() -> None:
        before_publishing(mark(marks))
        before_renaming(mark(note))

    began = time.monotonic()
    finish(start(folder, output, clusters, prepare))
    ended = time.monotonic()
    published = ended - float(marks.read_text())
    return Usual(ended - began, published, len(note.read_text().splitlines()))


def warm_up() -> None:
    """Load and compile once what each run needs, and read the project once."""
    import models_py.census.supergroups  # noqa: F401
    from models_py.methods import kmeans
    from placetypes.runner.project import load_project

    kmeans.prepare()
    project = load_project()
    command.load_project = lambda: project


def measure(kills: int, seed: int, folder: Path, output: Path) -> Counter[str]:
    """Kill that many runs; return where they were."""
    warm_up()
    finish(start(folder, output, 2))
    usual = time_one(folder, output, 3)
    stop = output.with_name("stop")
    reader = forked(lambda: read_all_the_while(output, stop))
    moments = random.Random(seed)  # noqa: S311 - no secret
    places: Counter[str] = Counter()
    struck = number = 0
    while struck < kills:
        place = kill_one(folder, output, number, usual, moments)
        check_all(output)
        places[place] += 1
        number += 1
        struck = number - places[TOO_LATE]
        if struck % 50 == 0 and place != TOO_LATE:
            print(f"{struck} kills, no mixture so far ({told(places)})", flush=True)
    stop.touch()
    finish(reader)
    finish(start(folder, output, 5))
    check_all(output)
    return places


def told(places: Counter[str]) -> str:
    """Say where kills fell, the most frequent place first."""
    return ", ".join(f"{count} {where}" for where, count in places.most_common())


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
    seconds = time.monotonic() - began
    print(f"{options.kills} kills in {seconds:.0f} s ({told(places)}): no mixture.")


if __name__ == "__main__":
    main()
