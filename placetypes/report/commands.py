"""The command `python pipeline.py report`."""

from typing import Annotated

import typer

from placetypes import console
from placetypes.console import Text
from placetypes.database import connect_published, is_synthetic
from placetypes.options import DEFAULT_OUTPUT, Debug, OutputFolder, Overrides
from placetypes.parameters import resolve
from placetypes.report.outlets import draw_figures, write_published_page
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
    parameters = resolve(
        project.specifications,
        project.root / "pipeline.toml",
        overrides or [],
        set(jobs),
    )
    target = write_published_page(project, parameters, output)
    size = target.stat().st_size / 1e6
    console.output.print(Text(f"{target}: {size:.1f} MB, opens in any browser"))
    if not figures:
        return
    with connect_published(output, spatial=False) as connection:
        synthetic = is_synthetic(connection)
    draw_figures(parameters, output, jobs.values(), set(jobs) if synthetic else set())
    for job in jobs:
        folder = output / job / "figures"
        if folder.exists():
            count = len(list(folder.iterdir()))
            console.output.print(Text(f"{folder}: {count} figures, PNG and SVG"))
