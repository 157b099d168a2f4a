"""The command line of placetypes: python pipeline.py --help."""

import os
import shlex
import sys
from typing import Annotated

import duckdb
import typer
from typer.exceptions import TyperException

from placetypes import console
from placetypes.catalogue import commands as catalogue
from placetypes.compare import commands as compare
from placetypes.console import Text
from placetypes.errors import (
    PlacetypesError,
    disk_full,
    is_disk_full,
    one_line,
    redacted,
    was_interrupted,
)
from placetypes.exports import commands as exports
from placetypes.inputs.handed_on import not_made_yet, stages
from placetypes.inputs.remembered import Places, find_places, remember
from placetypes.names.commands import app as names
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
from placetypes.records import commands as records
from placetypes.release import commands as release
from placetypes.report import commands as report
from placetypes.report.outlets import draw_evidence, draw_results, outlets_of
from placetypes.report.summary import announce, outdated_sentence, print_summary
from placetypes.runner.plan import make_plan
from placetypes.runner.plan import select as select_models
from placetypes.runner.project import Project, load_project
from placetypes.runner.request import Request, make_request
from placetypes.runner.run import run as run_request

app = typer.Typer(
    help="Named, mapped area classifications in SQL.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
INTERRUPTED = 130


@app.command()
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
            outlets_of(request.project, request.parameters),
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
    draw_evidence(request, result.built)
    draw_results(request, result.built)
    return True


@app.command()
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
        announce(request)
        planned = make_plan(request, recorded_in(request.output), fresh=fresh)
        due = [entry for entry in planned if entry.reason]
        for entry in due:
            console.say(f"{entry.name}: {entry.reason}")
        todo += due
    if not todo:
        console.output.print("Nothing to do: every table is up to date.")


for room in (report, exports, catalogue, compare, records, release):
    room.register(app)
app.add_typer(names, name="names")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; turn its errors into a sentence and an exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in arguments
    if unreadable := [a for a in arguments if a.encode(errors="ignore").decode() != a]:
        return complain(
            f"{unreadable[0]!a} holds bytes that are no text (UTF-8): rename the "
            "file or the folder.",
            2,
        )
    try:
        code = app(arguments, standalone_mode=False) or 0
    except TyperException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader, such as head, has seen enough
    except (PlacetypesError, duckdb.Error, OSError) as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(sentence_of(error, arguments), 1)
    except Exception as error:
        if was_interrupted(error):
            code = INTERRUPTED
        elif debug:
            raise
        else:
            return complain(
                f"{type(error).__name__}: {error}. This is a fault of the program or "
                "of an edited model, not of your data; --debug shows where.",
                1,
            )
    if code == INTERRUPTED:  # which Typer makes of Ctrl-C
        return complain(
            "Stopped. What is published stays as it was; the tables that were "
            "finished wait for the next run.",
            INTERRUPTED,
        )
    return code


def sentence_of(error: Exception, arguments: list[str]) -> str:
    """Return what is said of an error that isn't the program's fault."""
    if is_disk_full(error):
        return str(disk_full(getattr(error, "filename", None) or "the output folder"))
    if isinstance(error, duckdb.Error) and arguments[:1] != ["sql"]:
        is_missing = isinstance(error, duckdb.CatalogException)
        return one_line(error) + (" `run` makes what is missing." if is_missing else "")
    return str(error)


def complain(sentence: str, code: int) -> int:
    """Print an error sentence and return the exit code."""
    console.errors.print(
        Text.assemble(("error: ", "bold red"), Text(redacted(sentence)))
    )
    return code


if __name__ == "__main__":
    # Steps run side by side. How many threads a product of matrices has would depend on
    # what the other step does, and with it the last digits.
    for library in ("OPENBLAS_NUM", "MKL_NUM", "BLIS_NUM", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_THREADS"] = "1"
    code = main()
    if code == INTERRUPTED:  # and a step may still be computing in another thread
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)
