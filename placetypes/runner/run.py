"""A run: build what changed in the work database, publish it whole."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb

from placetypes.compute import computing_on
from placetypes.console import Reporter
from placetypes.database import (
    PUBLISHED,
    WORK,
    attach_published,
    quoted,
    remove_database,
    second_connection,
    stage,
)
from placetypes.errors import listed
from placetypes.inputs.check import check_files
from placetypes.inputs.find import InputFile, is_ready, refuse_changed
from placetypes.inputs.together import check_together
from placetypes.notes import (
    drop_tables,
    find_outdated,
    known_files,
    note_file,
    note_run,
    noted_tables,
    open_work,
    recorded_in,
)
from placetypes.parameters import GENERAL
from placetypes.publishing import STAGING, finish_publishing, only_run
from placetypes.runner.ahead import prepare_ahead
from placetypes.runner.build import build_model, enter_job, recheck_model
from placetypes.runner.lanes import Lanes, needed_tables
from placetypes.runner.plan import Planned, make_plan
from placetypes.runner.publish import publish
from placetypes.runner.request import Request


class Outlets(NamedTuple):
    """What a run hands its finished tables to. The runner knows nothing of it."""

    # Writes exports and page into the staging folder; returns their paths below it.
    stage: Callable[[duckdb.DuckDBPyConnection, Path], list[str]]
    # Is given the output folder when everything is published there.
    share: Callable[[Path], None] | None = None


class Result(NamedTuple):
    """What a run did."""

    built: list[str]
    published: bool
    outdated: list[str]  # tables that keep the run from being published


class Run(NamedTuple):
    """A run under way."""

    connection: duckdb.DuckDBPyConnection
    request: Request
    reporter: Reporter
    todo: list[Planned]
    run_id: str


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
    started, output = datetime.now(UTC), request.output
    general, project = request.values(GENERAL), request.project
    with only_run(output):
        finish_publishing(output)
        plan = make_plan(request, recorded_in(output), fresh=fresh)
        todo = [entry for entry in plan if entry.reason or not entry.is_checked]
        due = [entry.model for entry in todo if entry.reason]
        if todo or not is_whole(request):
            prepare_ahead(due, project.root)
            with open_work(
                output, project.macros, general["threads"], fresh=fresh
            ) as connection:
                run_id = started.strftime("%Y%m%dT%H%M%S.%fZ")
                under_way = Run(connection, request, reporter, todo, run_id)
                outdated = build_all(under_way)
                if outdated:
                    built = [entry.name for entry in todo]
                    return Result(built, published=False, outdated=outdated)
                refuse_changed(request.files)
                publish_all(under_way, outlets, started, command)
            remove_database(output / WORK)
        if outlets.share:
            outlets.share(output)
    return Result([model.full_name for model in due], published=True, outdated=[])


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


def build_all(run: Run) -> list[str]:
    """Check the files that the plan reads, then build its models, some side by side.

    Returns the tables that no longer fit what they were made from.
    """
    connection, request, todo = run.connection, run.request, run.todo
    attach_published(connection, request.output)
    drop_tables(connection, noted_tables(connection) - request.project.models.keys())
    run.reporter.start([entry.name for entry in todo])
    checked: dict[str, dict[str, InputFile]] = {}
    for job in sorted({entry.model.job for entry in todo}):
        checked[job] = check_inputs(run, job)
        connection.execute(f"create schema if not exists {quoted(job)}")
    general = request.values(GENERAL)
    with (
        computing_on(general["compute"], general["threads"], request.project.root),
        second_connection(connection) as second,
    ):
        entered = ["", ""]  # the job that either lane builds

        def build(entry: Planned, lane: int) -> None:
            own = run._replace(connection=[connection, second][lane])
            if entered[lane] != entry.model.job:
                entered[lane] = entry.model.job
                enter_job(
                    own.connection, request, entered[lane], checked[entered[lane]]
                )
            build_or_recheck(own, entry)

        # Joblib sends the fits of the main thread only to a cluster.
        alone = general["threads"] == 1 or general["compute"] != "local"
        Lanes(
            todo,
            needed_tables(todo, request.project),
            build,
            announce=lambda running: run.reporter.building(", ".join(running)),
            tell=run.reporter.message,
            interrupt=second.interrupt,
        ).run(1 if alone else general["lanes"])
    return drop_optional(run)


def build_or_recheck(run: Run, entry: Planned) -> None:
    """Build a table, or check it only where nothing else is due, and report."""
    if not entry.reason:
        warnings = recheck_model(run.connection, entry, run.request)
    else:
        start = perf_counter()
        rows, warnings = build_model(run.connection, entry, run.request, run.run_id)
        run.reporter.built(entry.name, rows, perf_counter() - start)
    for warning in warnings:
        run.reporter.message(warning)


def check_inputs(run: Run, job: str) -> dict[str, InputFile]:
    """Check a job's files, unless this very content has met these very rules before."""
    request, connection, tell = run.request, run.connection, run.reporter.message
    needed = {name for entry in run.todo for name in entry.model.inputs}
    known, values = known_files(connection, job), request.values(job)
    given, said = request.files[job], request.project.jobs[job].inputs
    details = {name: known.get((name, file.checked)) for name, file in given.items()}
    ready = {name for name, file in given.items() if is_ready(file, details[name])}
    new = {name: given[name] for name in given if name in needed - ready}
    if new:
        run.reporter.building(listed(sorted(file.path.name for file in new.values())))
        details |= check_files(connection, new, said, values)
    files = {n: file._replace(details=details[n] or {}) for n, file in given.items()}
    check_together(connection, files, said, needed, values, tell)
    for file in files.values():
        if file.details or file.name in needed:
            note_file(connection, job, file)
    return files


def drop_optional(run: Run) -> list[str]:
    """Drop the optional tables that no longer fit; return the others that don't.

    To build them again unasked could take minutes; to publish them beside tables that
    they were not made from would mislead. Where other tables are outdated too, nothing
    will be published and nothing is dropped.
    """
    dropped: list[str] = []
    outdated = find_outdated(run.connection)
    while outdated and all(map(run.request.project.is_optional, outdated)):
        drop_tables(run.connection, outdated)
        dropped += outdated
        outdated = find_outdated(run.connection)  # what was made from the dropped ones
    if dropped:
        run.reporter.message(
            f"Dropped, because what they were made from has changed: "
            f"{listed(sorted(dropped), most=10)}. They are optional: "
            "`run` with their names builds them again."
        )
    return outdated


def publish_all(run: Run, outlets: Outlets, started: datetime, command: str) -> None:
    """Note the run, let the outlets write what they make of it, publish everything."""
    connection, request = run.connection, run.request
    used = {
        name: value
        for name, value in request.parameters.items()
        if name.partition(".")[0] in {GENERAL, *request.files}
    }
    root, synthetic = request.project.root, bool(request.demo_jobs)
    note_run(connection, run.run_id, started, command, root, used, synthetic=synthetic)
    stage(connection, request.output / STAGING / PUBLISHED)
    staged = outlets.stage(connection, request.output / STAGING)
    # A refresh changes no classification: `compare` needs no copy.
    keep = None if request.is_refresh else request.values(GENERAL)["history"]
    gone = publish(request.output, staged, run.run_id, keep)
    if gone:
        run.reporter.message(
            f"Deleted, because they showed the former result and this run made none: "
            f"{listed(gone, most=10)}. `report` and `handbook` make theirs anew."
        )
    # What is published needs no tidying in the work database, which goes now.
    connection.execute("pragma disable_checkpoint_on_shutdown")
