"""The commands run and plan: a request is built, published, exported and drawn."""

import shlex
import sys
from typing import Annotated

import typer

from placetypes import console
from placetypes.console import Text
from placetypes.errors import redacted
from placetypes.inputs.handed_on import not_made_yet, stages
from placetypes.inputs.remembered import Places, find_places, remember
from placetypes.notes import recorded_in
from placetypes.options import (
    DEFAULT_OUTPUT,
    Debug,
    InputFolder,
    OutputFolder,
    Overrides,
    Region,
    Selectors,
)
from placetypes.report.outlets import outlets_of, write_missing
from placetypes.report.summary import announce, outdated_sentence, print_summary
from placetypes.runner.plan import make_plan
from placetypes.runner.plan import select as select_models
from placetypes.runner.project import Project, load_project
from placetypes.runner.request import Request, make_request
from placetypes.runner.run import run as run_request


def register(app: typer.Typer) -> None:
    """Add the two commands to the command line."""
    app.command()(run)
    app.command()(plan)


def run(
    select: Selectors = None,
    input_folder: InputFolder = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    region: Region = None,
    overrides: Overrides = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build everything again.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Build what changed, publish it and export it."""
    project, requests = load_project(), []
    settings = [*(overrides or []), *([f"region={region}"] if region else [])]
    places = find_places(project.root, project.jobs, input_folder, output)
    for selectors in stages_of(project, select or [], places):
        request = make_request(
            project, selectors, settings, input_folder, output, select
        )
        if not run_stage(request, fresh=fresh):
            return
        requests.append(request)
    print_summary(requests)


def stages_of(
    project: Project, selectors: list[str], places: Places
) -> list[list[str]]:
    """Return the selectors of each run of one command: who makes files goes first."""
    jobs = {project.models[name].job for name in select_models(project, selectors)}
    return stages(project.jobs, jobs, selectors, places)


def run_stage(request: Request, *, fresh: bool) -> bool:
    """Run a request and draw what it asks for; return whether it is published."""
    announce(request)
    reporter = console.ProgressReporter()
    try:
        result = run_request(
            request,
            reporter,
            outlets_of(request.project, request.parameters, request.demo_jobs),
            fresh=fresh,
            command=shlex.join(map(redacted, sys.argv[1:])),
        )
    finally:
        reporter.stop()
    if not result.published:
        console.output.print(Text(outdated_sentence(result)))
        return False
    remember(request.output, request.folders, request.demo_jobs, request.parameters)
    if not result.built:
        console.output.print("Nothing to do: every table is up to date.")
    write_missing(request)
    return True


def plan(
    select: Selectors = None,
    input_folder: InputFolder = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    region: Region = None,
    overrides: Overrides = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="As for run.")] = False,
    debug: Debug = False,
) -> None:
    """List what run would build, and why."""
    project, todo = load_project(), []
    settings = [*(overrides or []), *([f"region={region}"] if region else [])]
    places = find_places(project.root, project.jobs, input_folder, output)
    for number, selectors in enumerate(stages_of(project, select or [], places)):
        waits = number and not_made_yet(project.jobs, selectors, places)
        if waits:
            console.say(waits)
            continue
        request = make_request(
            project, selectors, settings, input_folder, output, select
        )
        outlets_of(project, request.parameters)  # refuses figures of no job
        announce(request)
        planned = make_plan(request, recorded_in(request.output), fresh=fresh)
        due = [entry for entry in planned if entry.reason]
        for entry in due:
            console.say(f"{entry.name}: {entry.reason}")
        todo += due
    if not todo:
        console.output.print("Nothing to do: every table is up to date.")
