"""A run: build what changed in the work database, publish it whole."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Protocol

import duckdb

from placetypes.compute import computing_on
from placetypes.database import (
    PUBLISHED,
    WORK,
    attach_published,
    only_run,
    remove_database,
    second_connection,
)
from placetypes.errors import listed
from placetypes.inputs.check import check_file
from placetypes.inputs.find import InputFile
from placetypes.notes import (
    drop_tables,
    find_outdated,
    known_files,
    note_file,
    note_run,
    open_work,
    recorded_in,
)
from placetypes.parameters import GENERAL
from placetypes.runner.ahead import prepare_ahead
from placetypes.runner.build import build_model, enter_job, recheck_model
from placetypes.runner.lanes import build_in_lanes, needed_tables
from placetypes.runner.plan import Planned, make_plan
from placetypes.runner.project import Project
from placetypes.runner.publish import STAGING, finish_publishing, publish
from placetypes.runner.request import Request


class Reporter(Protocol):
    """What a run tells while it works."""

    def message(self, text: str) -> None:
        """Pass on a sentence."""

    def start(self, models: list[str]) -> None:
        """Say which models will be built."""

    def building(self, models: str) -> None:
        """Say which models are being built."""

    def built(self, model: str, rows: int, seconds: float) -> None:
        """Say that a model is built."""


Connection = duckdb.DuckDBPyConnection


class Outlets(NamedTuple):
    """What a run hands its finished tables to. The runner knows nothing of it."""

    # Writes the exports into the staging folder; returns their paths below it.
    stage: Callable[[Connection, Path], list[str]]
    # Writes one more file into that folder and returns its path; None for none.
    draw: Callable[[Connection, Path], Path] | None = None
    # Is given the output folder when everything is published there.
    share: Callable[[Path], None] | None = None


class Result(NamedTuple):
    """What a run did."""

    built: list[str]
    published: bool
    outdated: list[str]  # tables that keep the run from being published


def run(
    request: Request,
    reporter: Reporter,
    outlets: Outlets,
    *,
    fresh: bool = False,
    command: str = "",
) -> Result:
    """Build what changed and publish it, with what the outlets make of it.

    Raises PlacetypesError where an input or a model fails; the published database and
    the exports then stay as they were, and finished models wait in the work database.
    """
    started = datetime.now(UTC)
    with only_run(request.output):
        finish_publishing(request.output)
        plan = make_plan(request, recorded_in(request.output), fresh=fresh)
        todo = [entry for entry in plan if entry.reason or not entry.is_checked]
        if todo or not is_whole(request):
            outdated = build_and_publish(
                request, todo, reporter, outlets, started, fresh=fresh, command=command
            )
            if outdated:
                return Result(names(todo), published=False, outdated=outdated)
        if outlets.share:
            outlets.share(request.output)
    built = [entry for entry in todo if entry.reason]
    return Result(names(built), published=True, outdated=[])


def build_and_publish(
    request: Request,
    todo: list[Planned],
    reporter: Reporter,
    outlets: Outlets,
    started: datetime,
    *,
    fresh: bool,
    command: str,
) -> list[str]:
    """Build the models and publish all tables; return what keeps that from being done.

    These are the tables that no longer fit what they were made from.
    """
    general = request.values(GENERAL)
    due = [entry.model for entry in todo if entry.reason]
    prepare_ahead(due, request.project.root)
    connection = open_work(
        request.output, request.project.macros, general["threads"], fresh=fresh
    )
    try:
        attach_published(connection, request.output)
        drop_orphans(connection, request.project)
        run_id = started.strftime("%Y%m%dT%H%M%S.%fZ")
        with computing_on(general["compute"], general["threads"], request.project.root):
            build_all(connection, request, todo, run_id, reporter)
        outdated = drop_optional(
            connection, request.project, find_outdated(connection), reporter
        )
        if outdated:
            return outdated
        note_whole_run(connection, request, run_id, started, command)
        with drawing(connection, request.output, outlets) as drawn:
            staged = outlets.stage(connection, request.output / STAGING)
            # A refresh changes no classification: `compare` needs no copy.
            keep = None if request.is_refresh else general["history"]
            publish(connection, request.output, staged, keep, drawn)
        # What is published needs no tidying in the work database, which goes now.
        connection.execute("pragma disable_checkpoint_on_shutdown")
    finally:
        connection.close()
    remove_database(request.output / WORK)
    return []


@contextmanager
def drawing(
    connection: Connection, output: Path, outlets: Outlets
) -> Iterator[Callable[[], list[str]]]:
    """Draw in the background, while the database and the exports are written.

    Gives what waits until it is done, and tells the drawn file's name.
    """
    if outlets.draw is None:
        yield list
        return
    with ThreadPoolExecutor(1) as beside, second_connection(connection) as reading:
        drawn = beside.submit(outlets.draw, reading, output / STAGING)
        yield lambda: [drawn.result().name]


def names(plan: list[Planned]) -> list[str]:
    """Return the models' names."""
    return [entry.name for entry in plan]


def is_whole(request: Request) -> bool:
    """Tell whether the published database and the chosen jobs' exports are there."""
    output = request.output
    if (output / WORK).exists() or not (output / PUBLISHED).exists():
        return False
    return all(
        (output / job / file).exists()
        for job in request.jobs
        for file, entry in request.project.jobs[job].exports.items()
        if f"{job}.{entry['table']}" in request.chosen
    )


def drop_orphans(connection: Connection, project: Project) -> None:
    """Drop the tables whose model's file is gone."""
    noted = connection.execute("select model from meta.models").fetchall()
    drop_tables(connection, {model for (model,) in noted} - project.models.keys())


def build_all(
    connection: Connection,
    request: Request,
    todo: list[Planned],
    run_id: str,
    reporter: Reporter,
) -> None:
    """Check the files that the plan reads, then build its models, some side by side."""
    checked: dict[str, dict[str, InputFile]] = {}
    reporter.start(names(todo))
    for job in sorted({entry.model.job for entry in todo}):
        checked[job] = check_inputs(connection, request, job, todo, reporter)
        connection.execute(f"create schema if not exists {job}")
    with second_connection(connection) as second:
        connections = [connection, second]
        entered = ["", ""]  # the job that either builds

        def build(entry: Planned, lane: int) -> None:
            job, own = entry.model.job, connections[lane]
            if entered[lane] != job:
                enter_job(own, request, job, checked[job])
                entered[lane] = job
            build_or_recheck(own, entry, request, run_id, reporter)

        build_in_lanes(
            todo,
            needed_tables(todo, request.project),
            build,
            lanes=lanes_of(request),
            announce=lambda running: reporter.building(", ".join(running)),
            tell=reporter.message,
            interrupt=second.interrupt,
        )


def lanes_of(request: Request) -> int:
    """Return how many tables are built at once.

    That is one where there is one thread to use, and where fits go to a cluster: joblib
    sends those of the main thread only.
    """
    general = request.values(GENERAL)
    alone = general["threads"] == 1 or general["compute"] != "local"
    return 1 if alone else general["lanes"]


def build_or_recheck(
    connection: Connection,
    entry: Planned,
    request: Request,
    run_id: str,
    reporter: Reporter,
) -> None:
    """Build a table, or check it only where nothing else is due, and report."""
    if not entry.reason:
        warnings = recheck_model(connection, entry, request)
    else:
        start = perf_counter()
        rows, warnings = build_model(connection, entry, request, run_id)
        reporter.built(entry.model.full_name, rows, perf_counter() - start)
    for warning in warnings:
        reporter.message(warning)


def check_inputs(
    connection: Connection,
    request: Request,
    job: str,
    todo: list[Planned],
    reporter: Reporter,
) -> dict[str, InputFile]:
    """Check a job's files, unless this very content has met these very rules before."""
    needed = {name for entry in todo for name in entry.model.inputs}
    known = known_files(connection, job)
    files, checked = {}, []
    for name, file in request.files[job].items():
        details = known.get((name, file.checked))
        if details is None and name in needed:
            reporter.building(file.path.name)
            entry = request.project.jobs[job].inputs[name]
            details = check_file(connection, file.path, entry, request.values(job))
        for message in (details or {}).get("messages", []):
            reporter.message(message)
        files[name] = file._replace(details=details or {})
        if details is not None:
            checked.append(files[name])
    for file in checked:
        note_file(connection, job, file)
    return files


def drop_optional(
    connection: Connection,
    project: Project,
    outdated: list[str],
    reporter: Reporter,
) -> list[str]:
    """Drop the optional tables that no longer fit; return the others that don't.

    To build them again unasked could take minutes; to publish them beside tables that
    they were not made from would mislead. Where other tables are outdated too, nothing
    will be published and nothing is dropped.
    """
    dropped: list[str] = []
    while outdated and all(map(project.is_optional, outdated)):
        drop_tables(connection, outdated)
        dropped += outdated
        outdated = find_outdated(connection)  # what was made from the dropped ones
    if dropped:
        reporter.message(
            f"Dropped, because what they were made from has changed: "
            f"{listed(sorted(dropped), most=10)}. They are optional: "
            "`run` with their names builds them again."
        )
    return outdated


def note_whole_run(
    connection: Connection,
    request: Request,
    run_id: str,
    started: datetime,
    command: str,
) -> None:
    """Note the run and the parameters of the jobs that it ran."""
    jobs = {GENERAL, *request.files}
    used = {
        name: value
        for name, value in request.parameters.items()
        if name.partition(".")[0] in jobs
    }
    root, synthetic = request.project.root, bool(request.demo_jobs)
    note_run(connection, run_id, started, command, root, used, synthetic=synthetic)


def outdated_sentence(result: Result) -> str:
    """Say why a partial run isn't published, and what to do."""
    tables = [*result.outdated, *result.built]
    jobs = dict.fromkeys(table.partition(".")[0] for table in tables)
    return (
        f"Built, but not published: {listed(result.outdated)} were made from what has "
        f"changed. `run {' '.join(jobs)}` brings them up to date; until then "
        "`sql --work` and `show --work` read the new tables."
    )
