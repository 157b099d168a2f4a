"""The command `python pipeline.py report`."""

from typing import Annotated

import typer

from placetypes import console
from placetypes.console import Text
from placetypes.database import connect_published, is_synthetic
from placetypes.inputs.remembered import remember_look, resolve_again
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder, Overrides
from placetypes.publishing import FIGURES
from placetypes.report.outlets import REPORT, write_shown
from placetypes.runner.project import load_project


def register(app: typer.Typer) -> None:
    """Add the room's command."""
    app.command()(report)


def report(
    overrides: Overrides = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    figures: Annotated[
        bool, typer.Option(help="Draw the figures for papers as well.")
    ] = True,
    debug: Debug = False,
) -> None:
    """Write report.html, one page that opens anywhere, and the figures for papers."""
    project = load_project()
    jobs = project.jobs
    parameters = resolve_again(output, project.specifications, project.root, overrides)
    with connect_published(output, spatial=False) as connection:
        synthetic = is_synthetic(connection)
    demo_jobs = frozenset(jobs) if synthetic else frozenset()
    drawn = list(jobs) if figures else []
    counts = write_shown(project, parameters, output, drawn, demo_jobs)
    remember_look(output, parameters)
    target = output / REPORT
    size = target.stat().st_size / 1e6
    console.output.print(Text(f"{target}: {size:.1f} MB, opens in any browser"))
    for job, count in counts.items():
        if count:
            folder = output / job / FIGURES
            console.output.print(Text(f"{folder}: {count} figures, PNG and SVG"))
