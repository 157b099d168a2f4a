"""The commands `python pipeline.py names …`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from placetypes import console
from placetypes.errors import PlacetypesError

if TYPE_CHECKING:
    from placetypes.names.client import Settings
    from placetypes.names.prompt import Question
    from placetypes.names.state import Place, State

app = typer.Typer(
    help="Name the clusters: by a language model, by hand, and with a review.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

OutputFolder = Annotated[
    Path, typer.Option("--output", metavar="DIR", help="Folder of the results.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Give a parameter of [names] another value, such as "
        "names.model=gpt-5. May be repeated.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Again = Annotated[
    bool,
    typer.Option(
        "--again",
        help="Ask for all names that aren't approved, not only for the missing ones.",
    ),
]
JobName = Annotated[
    str | None,
    typer.Option(
        "--job",
        help="Which job's clusters: census or embeddings. Default: the first of them "
        "that has been run.",
    ),
]
DEFAULT_OUTPUT = Path("outputs")


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
    from placetypes.names.state import find_place, read_state

    rows = []
    for entry in read_state(find_place(output, job)).clusters.values():
        proposed = entry.proposed_name or ""
        rows.append(
            [
                entry.cluster,
                entry.name,
                entry.source,
                entry.status,
                proposed,
                "; ".join(entry.reasons),
            ]
        )
        if portraits:
            heading = f"\n{entry.cluster} {entry.name}"
            console.output.print(Text(heading, style="bold"))
            console.output.print(Text(entry.portrait))
    if not portraits:
        console.print_table(
            ["cluster", "name", "source", "status", "proposed", "reasons"], rows
        )


@app.command()
def prompt(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    overrides: Overrides = None,
    debug: Debug = False,
) -> None:
    """Write one text file to paste into a chat: the whole prompt with all data."""
    from placetypes.names import book
    from placetypes.names.state import find_place, read_state

    place = find_place(output, job)
    question = hand_question(read_state(place), overrides)
    path = place.folder / "names_prompt.txt"
    book.write_whole(path, question.text)
    words = len(question.text.split())
    console.output.print(
        Text(
            f"{path}: {words:,} words about {len(question.clusters)} clusters. Paste "
            "it into a chat, save the answer in a file, and give that to "
            "python pipeline.py names apply FILE."
        )
    )


@app.command()
def apply(
    reply: Annotated[Path, typer.Argument(metavar="FILE", help="The saved answer.")],
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Which model wrote it, for the record."),
    ] = None,
    overrides: Overrides = None,
    debug: Debug = False,
) -> None:
    """Take the names from an answer to `names prompt`, as drafts."""
    from placetypes.names import asking, book
    from placetypes.names.reply import NotJsonError, parse_reply
    from placetypes.names.state import read_state

    place = open_for_change(output, job)
    state = read_state(place)
    text = read_reply(reply)
    try:
        named = parse_reply(text)
    except NotJsonError as error:
        raise PlacetypesError(
            f"{reply} can't be used: {error}. Save the whole answer, from the first "
            "brace to the last."
        ) from error
    question = hand_question(state, overrides)
    entries = asking.draft_entries(
        state,
        named,
        source="reply",
        model=model,
        prompt_version=question.prompt_version,
    )
    levels = {entry.level for entry in state.clusters.values()}
    book.append_log(
        place,
        [
            asking.log_entry(
                model,
                question,
                state.snapshot,
                level=level,
                asked=[c for c in question.clusters if state.find(c).level == level],
                answered=[n.cluster for n in named if is_of(state, n.cluster, level)],
                reply=text,
                verdict=asking.NAMED,
            )
            for level in sorted(levels)
        ],
    )
    book.record(place, state.snapshot, entries)
    refresh(place)
    report(place, [entry["cluster"] for entry in entries])


@app.command()
def llm(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    overrides: Overrides = None,
    again: Again = False,
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
    debug: Debug = False,
) -> None:
    """Ask a language model for the names that are missing; says first what is sent."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from placetypes.names import asking
    from placetypes.names.client import read_key
    from placetypes.names.state import read_state
    from placetypes.runner.project import ROOT

    place = open_for_change(output, job)
    settings = read_settings(overrides)
    state = read_state(place)
    wanted = asking.missing(state, again=again)
    if not wanted:
        console.output.print(
            "Every cluster has a name that was given; --again asks for all that aren't "
            "approved."
        )
        return
    key = read_key(settings, ROOT)
    requests = len(asking.batches(wanted, settings))
    console.errors.print(Text(announcement(settings, place.job, requests, len(wanted))))
    if not yes:
        typer.confirm("Send it?", abort=True, err=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console.errors,
        transient=True,
        disable=not console.errors.is_terminal,
    )
    task = bar.add_task("asking", total=requests)
    with bar:
        outcome = asking.ask_for_names(
            asking.Asking(
                place,
                settings,
                key,
                again,
                refresh=lambda: refresh(place),
                progress=lambda done, all_: bar.update(
                    task, completed=done, total=all_
                ),
            )
        )
    report(place, outcome.named)
    if outcome.sentences:
        left = len(asking.missing(read_state(place), again=False))
        raise PlacetypesError(
            " ".join(outcome.sentences)
            + f" {len(outcome.named)} clusters were named, {left} are left; names llm "
            "asks for those only."
        )


@app.command()
def review(
    output: OutputFolder = DEFAULT_OUTPUT,
    job: JobName = None,
    debug: Debug = False,
) -> None:
    """Walk through the drafts: accept, edit, rewrite, skip or quit."""
    from placetypes.names import review as reviewing

    place = open_for_change(output, job)
    before = names_hash(place)
    try:
        reviewing.review(place)
    finally:  # what was decided counts, even where the walk is broken off
        if names_hash(place) != before:
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
    from placetypes.names import review as reviewing
    from placetypes.names.state import read_state

    place = open_for_change(output, job)
    reviewing.set_name(place, cluster, name, portrait, note)
    refresh(place)
    if note and read_state(place).find(cluster).status == "needs_review":
        reviewing.accept_problems(place, cluster)
        refresh(place)
    report(place, [cluster])


def read_settings(overrides: list[str] | None) -> Settings:
    """Return the parameters of [names]."""
    from placetypes.names.client import Settings
    from placetypes.parameters import job_values, resolve
    from placetypes.runner.project import load_project

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


def hand_question(state: State, overrides: list[str] | None) -> Question:
    """Return the prompt for a chat: all clusters that aren't approved."""
    from placetypes.names.prompt import build_question

    clusters = [c for c in state.clusters.values() if c.status != "approved"]
    if not clusters:
        raise PlacetypesError("Every cluster has an approved name; nothing to ask.")
    taken = [c.name for c in state.clusters.values() if c.status == "approved"]
    return build_question(state, clusters, read_settings(overrides).prompt, taken)


def is_of(state: State, cluster: str, level: str) -> bool:
    """Tell whether a code of a reply is of a level; an unknown one by its digits."""
    if cluster in state.clusters:
        return state.clusters[cluster].level == level
    return (level == "subgroup") == any(letter.isdigit() for letter in cluster)


def read_reply(path: Path) -> str:
    """Read a saved answer."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlacetypesError(
            f"{path} can't be read ({error}); save the answer as UTF-8 text."
        ) from error


def announcement(settings: Settings, job: str, requests: int, clusters: int) -> str:
    """Say what goes where."""
    from placetypes.names.client import OPENAI_HOST

    what = "request" if requests == 1 else "requests"
    key = f"with the key in {settings.key_variable}" if settings.sends_key else "no key"
    local = "" if settings.host == OPENAI_HOST else f" at {settings.base_url}"
    return (
        f"This sends {requests} {what} to {settings.host}{local} (model "
        f"{settings.model}, {settings.protocol}, {key}) for {clusters} clusters, and "
        "at most as many again for names that fail a check. Each tells, from "
        f"{job}.naming_briefs: the region's name, each cluster's number of areas and "
        "residents, and the index scores of its distinctive variables. No area codes, "
        "no figures of single areas."
    )


def open_for_change(output: Path, job: str | None) -> Place:
    """Return the job to name. Raises PlacetypesError while a run isn't finished."""
    from placetypes.names.refresh import refuse_unfinished
    from placetypes.names.state import find_place

    refuse_unfinished(output)
    return find_place(output, job)


def refresh(place: Place) -> None:
    """Bring the published names up to date."""
    from placetypes.names.refresh import refresh as refresh_job
    from placetypes.runner.project import load_project

    refresh_job(load_project(), *place, shlex.join(sys.argv[1:]))


def names_hash(place: Place) -> str:
    """Return the hash of names.json, '' where there is none."""
    from placetypes.inputs.find import hash_file
    from placetypes.names import book

    path = place.folder / book.NAMES
    return hash_file(path) if path.exists() else ""


def report(place: Place, clusters: list[str]) -> None:
    """Print how the named clusters stand."""
    from placetypes.names.state import read_problems, read_state

    state = read_state(place)
    rows = []
    for code in clusters:
        entry = state.find(code)
        shown = entry.proposed_name or entry.name
        rows.append([code, shown, entry.status, "; ".join(entry.reasons)])
    if rows:
        console.print_table(["cluster", "name", "status", "reasons"], rows)
    of_replies: dict[str, list[str]] = {}
    for code, problems in read_problems(place).items():
        for problem, _ in problems:
            if code not in clusters and problem.startswith("the reply"):
                of_replies.setdefault(problem, []).append(code)
    for problem, codes in of_replies.items():
        console.output.print(Text(f"{problem}: {', '.join(codes)}"))
    if any(row[2] == "needs_review" for row in rows):
        console.output.print(
            "Names that need review are not shown anywhere yet: "
            "python pipeline.py names review."
        )
