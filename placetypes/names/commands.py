"""The commands `python pipeline.py names …`."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from placetypes import console
from placetypes.console import Text, say
from placetypes.errors import PlacetypesError, redacted, refuse_folder
from placetypes.names import asking, book
from placetypes.names import review as reviewing
from placetypes.names.prompt import Question, build_question, in_batches
from placetypes.names.reply import NotJsonError
from placetypes.names.settings import OPENAI_HOST, Settings, read_key
from placetypes.names.sheet import (
    COLUMNS,
    changed,
    is_sheet,
    read_sheet,
    rows_of,
    write_sheet,
)
from placetypes.names.state import (
    Place,
    State,
    find_place,
    read_problems,
    read_state,
)
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder
from placetypes.parameters import job_values, resolve
from placetypes.runner.project import load_project

app = typer.Typer(
    help="Name the clusters: by a language model, by hand, and with a review.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Give a parameter of [names] another value, such as "
        "names.model=gpt-5. May be repeated.",
    ),
]
STYLES = {"plain": None, "workshop": "workshop_v1"}  # None: the parameter names.prompt
JobName = Annotated[
    str | None,
    typer.Option(
        "--job",
        help="Which job's clusters. Default: the first whose clusters are there.",
    ),
]


@app.command()
def show(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    portraits: Annotated[
        bool, typer.Option("--portraits", help="Print the pen portraits too.")
    ] = False,
    debug: Debug = False,
) -> None:
    """List the names: who gave them, how they stand, what speaks against them."""
    clusters = read_state(find_place(output, job)).clusters.values()
    if portraits:
        for entry in clusters:
            say(f"\n{entry.cluster} {entry.name}", style="bold")
            say(entry.portrait)
        return
    rows = [
        [
            *(entry.cluster, entry.name, entry.source, entry.status),
            *(entry.proposed_name or "", "; ".join(entry.reasons)),
            (entry.runner_up or "") + (" (near tie)" if entry.is_near_tie else ""),
        ]
        for entry in clusters
    ]
    console.print_table(
        [
            *("cluster", "name", "source", "status", "proposed", "reasons"),
            "next by rule",
        ],
        rows,
    )


@app.command()
def prompt(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    overrides: Overrides = None,
    style: Annotated[
        str,
        typer.Option(
            "--style",
            help="plain (the prompt of names llm), or workshop: all variables, scored "
            "on the scaled data, and names asked for in the workshop's form.",
        ),
    ] = "plain",
    debug: Debug = False,
) -> None:
    """Write one text file to paste into a chat: the whole prompt with all data."""
    if style not in STYLES:
        raise PlacetypesError(f"--style {style}: write {' or '.join(STYLES)}.")
    place = find_place(output, job)
    question = hand_question(read_state(place), overrides, STYLES[style])
    path = place.folder / "names_prompt.txt"
    book.write_whole(path, question.text)
    words = len(question.text.split())
    say(
        f"{path}: {words:,} words about {len(question.clusters)} clusters. Paste it "
        "into a chat, save the answer in a file, and give that to "
        "python pipeline.py names apply FILE."
    )


@app.command()
def apply(
    reply: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The saved answer, - for standard input, or a sheet of names export.",
        ),
    ],
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Which model wrote it, for the record."),
    ] = None,
    overrides: Overrides = None,
    debug: Debug = False,
) -> None:
    """Take the names from an answer, as drafts, or from a sheet of `names export`."""
    place = open_for_change(output, job)
    state = read_state(place)
    if is_sheet(reply):
        apply_sheet(place, state, reply)
        return
    text = sys.stdin.read() if str(reply) == "-" else read_text(reply)
    question = hand_question(state, overrides)
    try:
        named, breaks_off = asking.keep_reply(place, state, question, text, model)
    except NotJsonError as error:
        raise PlacetypesError(
            f"{reply} can't be used: {error}. Save the whole answer, from the first "
            "brace to the last."
        ) from error
    refresh(place)
    report(place, named)
    if breaks_off:
        say(breaks_off)


def read_text(path: Path) -> str:
    """Read a saved answer. Raises PlacetypesError where that can't be done."""
    refuse_folder(path)
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlacetypesError(
            f"{path} can't be read ({error}); save the answer as UTF-8 text."
        ) from error


def apply_sheet(place: Place, state: State, path: Path) -> None:
    """Take what was changed in a sheet; what was accepted with a note stands."""
    rows = changed(read_sheet(path, state), state)
    if not rows:
        say(f"{path}: nothing in it differs from the names as they are.")
        return
    reviewing.take_rows(place, rows)
    refresh(place)
    accepted = [row.code for row in rows if row.accepted and row.note]
    if reviewing.accept_problems(place, accepted):
        refresh(place)
    report(place, [row.code for row in rows])


@app.command()
def export(
    sheet: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file that ends in .xlsx or .csv.")
    ],
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    debug: Debug = False,
) -> None:
    """Write the names as a sheet to edit; `names apply` takes it back."""
    rows = rows_of(read_state(find_place(output, job)))
    write_sheet(sheet, rows)
    say(
        f"{sheet}: {len(rows)} clusters with {', '.join(COLUMNS)}. Edit it, and give "
        "it to python pipeline.py names apply."
    )


@app.command()
def llm(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    overrides: Overrides = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Ask for all names that aren't approved, not only for the missing "
            "ones.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
    debug: Debug = False,
) -> None:
    """Ask a language model for the names that are missing; says first what is sent."""
    place = open_for_change(output, job)
    settings = read_settings(overrides)
    wanted = asking.missing(read_state(place), again=again)
    if not wanted:
        say(
            "Every cluster has a name that was given; --again asks for all that aren't "
            "approved."
        )
        return
    key = read_key(settings, load_project().root)
    requests = len(in_batches(wanted, settings.clusters_per_request))
    console.errors.print(Text(announcement(settings, place.job, requests, len(wanted))))
    if not yes:
        typer.confirm("Send it?", abort=True, err=True)
    with console.progress_bar() as bar:
        task = bar.add_task("asking", total=requests)
        use = asking.Asking(
            place,
            settings,
            key,
            again,
            refresh=lambda: refresh(place),
            progress=lambda done, all_: bar.update(task, completed=done, total=all_),
        )
        asking.ask_for_names(use)
    report(place, use.named)
    if use.sentences:
        left = len(asking.missing(read_state(place), again=False))
        raise PlacetypesError(
            " ".join(use.sentences)
            + f" {len(use.named)} clusters were named, {left} are left; names llm "
            "asks for those only."
        )


@app.command()
def review(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    debug: Debug = False,
) -> None:
    """Walk through the drafts: accept, edit, rewrite, skip or quit."""
    place = open_for_change(output, job)
    before = book.read_names(place)
    try:
        reviewing.review(place)
    finally:  # what was decided counts, even where the walk is broken off
        if book.read_names(place) != before:
            refresh(place)
    show(output, job)


@app.command(name="set")
def set_(
    cluster: Annotated[str, typer.Argument(help="A cluster, such as A or B2.")],
    name: Annotated[str, typer.Argument(help="Its name, at most three words.")],
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    portrait: Annotated[
        str | None, typer.Option("--portrait", help="Its pen portrait.")
    ] = None,
    note: Annotated[
        str | None,
        typer.Option(
            "--note", help="Why; with a note the name stands whatever the checks say."
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Give a cluster a name by hand, approved."""
    place = open_for_change(output, job)
    reviewing.set_name(place, cluster, name, portrait, note)
    refresh(place)
    if note and read_state(place).find(cluster).status == "needs_review":
        reviewing.accept_problems(place, [cluster])
        refresh(place)
    report(place, [cluster])


def read_settings(overrides: list[str] | None) -> Settings:
    """Return the parameters of [names]."""
    project = load_project()
    wrong = [o for o in overrides or [] if not o.strip().startswith("names.")]
    if wrong:
        raise PlacetypesError(
            f"--set {wrong[0]}: names … takes parameters of [names] only, such as "
            "names.model; others belong to run."
        )
    toml = project.root / "pipeline.toml"
    resolved = resolve(project.specifications, toml, overrides or [], {"names"})
    return Settings(**job_values(resolved, "names"))


def hand_question(
    state: State, overrides: list[str] | None, version: str | None = None
) -> Question:
    """Return the prompt for a chat: all clusters that aren't approved."""
    clusters = [c for c in state.clusters.values() if c.status != "approved"]
    if not clusters:
        raise PlacetypesError("Every cluster has an approved name; nothing to ask.")
    taken = [c.name for c in state.clusters.values() if c.status == "approved"]
    version = version or read_settings(overrides).prompt
    return build_question(state, clusters, version, taken)


def announcement(settings: Settings, job: str, requests: int, clusters: int) -> str:
    """Say what goes where."""
    what = "request" if requests == 1 else "requests"
    key = f"with the key in {settings.key_variable}" if settings.sends_key else "no key"
    local = "" if settings.host == OPENAI_HOST else f" at {settings.base_url}"
    return (
        f"This sends {requests} {what} to {settings.host}{local} (model "
        f"{settings.model}, {settings.protocol}, {key}) for {clusters} clusters, and "
        "at most as many again for names that fail a check. Each tells, from "
        f"{job}.naming_briefs: the region's name, each cluster's number of areas and "
        "residents, and index scores and shares of its variables. No area codes, "
        "no figures of single areas."
    )


def open_for_change(output: Path, job: str | None) -> Place:
    """Return the job to name. Raises PlacetypesError while a run isn't finished."""
    from placetypes.names.refresh import refuse_unfinished

    refuse_unfinished(output)
    return find_place(output, job)


def refresh(place: Place) -> None:
    """Bring the published names up to date."""
    from placetypes.names.refresh import refresh as refresh_job

    refresh_job(load_project(), *place, shlex.join(map(redacted, sys.argv[1:])))


def report(place: Place, clusters: list[str]) -> None:
    """Print how the named clusters stand."""
    entries = [read_state(place).find(code) for code in clusters]
    if entries:
        console.print_table(
            ["cluster", "name", "status", "reasons"],
            [
                [e.cluster, e.proposed_name or e.name, e.status, "; ".join(e.reasons)]
                for e in entries
            ],
        )
    of_replies: dict[str, list[str]] = {}
    for code, problems in read_problems(place).items():
        for problem, _ in problems:
            if code not in clusters and problem.startswith("the reply"):
                of_replies.setdefault(problem, []).append(code)
    for problem, codes in of_replies.items():
        say(f"{problem}: {', '.join(codes)}")
    if clusters:
        from placetypes.names.refresh import renewed

        files = renewed(load_project(), *place)
        say(f"Brought up to date: {', '.join(files)}.")
    if any(entry.status == "needs_review" for entry in entries):
        say(
            "Names that need review are not shown anywhere yet: "
            "python pipeline.py names review."
        )
