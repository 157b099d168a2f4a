"""The command that writes a handbook."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from placetypes.console import say
from placetypes.database import connect_published, is_synthetic, latest_run
from placetypes.errors import PlacetypesError
from placetypes.inputs.remembered import remember_look, resolve_again
from placetypes.job import Job
from placetypes.options import (
    DEFAULT_OUTPUT,
    Authors,
    Debug,
    OfJob,
    OutputFolder,
    Overrides,
)
from placetypes.publishing import HANDBOOK, STAGING, only_run, publish_staged
from placetypes.release.commands import choose_job
from placetypes.report.chart_tables import inside
from placetypes.report.frame import Look, look_of, read_frame, run_day
from placetypes.runner.project import Project, load_project

if TYPE_CHECKING:
    import duckdb

NEEDED = {"typst": "typst", "docx": "python-docx"}


def register(app: typer.Typer) -> None:
    """Add the room's command."""
    app.command()(handbook)


def handbook(
    job: OfJob = None,
    author: Authors = None,
    overrides: Overrides = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Write the classification's handbook, handbook.pdf and handbook.docx."""
    refuse_missing()
    project = load_project()
    parameters = resolve_again(output, project.specifications, project.root, overrides)
    chosen = choose_job(project, output, job)
    with connect_published(output) as connection, only_run(output):
        staging = output / STAGING
        look, authors = look_of(parameters), author or []
        files = write_handbook(connection, project, chosen, output, authors, look)
        names = [file.relative_to(staging).as_posix() for file in files]
        publish_staged(output, names, latest_run(connection))
    remember_look(output, parameters)
    for file in (output / name for name in names):
        say(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def refuse_missing() -> None:
    """Raise PlacetypesError where a library isn't there."""
    missing = [package for name, package in NEEDED.items() if not find_spec(name)]
    if missing:
        raise PlacetypesError(
            f"A handbook needs what isn't installed: pip install {' '.join(missing)}"
        )


def write_handbook(
    connection: "duckdb.DuckDBPyConnection",
    project: Project,
    job: Job,
    output: Path,
    authors: list[str],
    look: Look,
) -> list[Path]:
    """Write both files into the staging folder."""
    from placetypes.handbook.contents import handbook, read_told
    from placetypes.handbook.pdf import write_pdf
    from placetypes.handbook.word import write_word
    from placetypes.release.contents import Citation, gather
    from placetypes.report.result import read_result

    folder = output / STAGING / job.name
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output) as place:
        pictures = Path(place)
        contents = gather(connection, project, job, output, Citation("", authors, ""))
        frame = read_frame(connection, job, look, synthetic=is_synthetic(connection))
        day = run_day(connection)
        with inside(connection, job.name) as columns:
            result = read_result(connection, job, columns, look)
            told = read_told(connection, project, contents, result, frame, pictures)
        blocks = handbook(told)
        dated = datetime(*day.timetuple()[:3])
        write_pdf(blocks, pictures, folder / HANDBOOK[0], dated)
        write_word(blocks, folder / HANDBOOK[1], dated)
    return [folder / file for file in HANDBOOK]
