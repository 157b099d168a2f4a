"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_OUTPUT = Path("outputs")

Selectors = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SELECT]...",
        help="A job (JOB), a table (JOB.table), or a table with + before it (all that "
        "it is made from) or after it (all that is made from it). Without one: "
        "everything but optional tables, which are named or reached over a +.",
    ),
]
InputFolder = Annotated[
    Path | None,
    typer.Option(
        "--input",
        metavar="DIR",
        help="Folder with the input files. Default: that of the run before, with its "
        "parameters; in a new output folder data/input, or the demo if that is empty.",
    ),
]
OutputFolder = Annotated[
    Path, typer.Option("--output", metavar="DIR", help="Folder for results.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Give a parameter another value for this time, such as JOB.clusters=6. "
        "May be repeated.",
    ),
]
Region = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="NAME",
        help="Short for --set region=NAME: a region, a district's code or "
        "name, or several with + between.",
    ),
]
OfJob = Annotated[
    str | None,
    typer.Option("--job", help="Whose result. Default: the only one, or the first."),
]
Authors = Annotated[
    list[str] | None,
    typer.Option(
        "--author",
        help='Who made it: "Family, Given", or an institution. May be repeated.',
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Work = Annotated[
    bool,
    typer.Option("--work", help="Read the unpublished tables of an unfinished run."),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
