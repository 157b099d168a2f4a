"""The command that makes a release."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from placetypes.catalogue.reading import asked_checks
from placetypes.console import errors, say
from placetypes.database import connect_published
from placetypes.errors import PlacetypesError, listed, nearest
from placetypes.job import Job
from placetypes.options import DEFAULT_OUTPUT, Authors, Debug, OfJob, OutputFolder
from placetypes.publishing import read_manifest, refuse_mixture
from placetypes.runner.project import Project, load_project

VERSION = re.compile(r"\d+(\.\d+){1,2}(-[0-9A-Za-z][0-9A-Za-z.]*)?")


def register(app: typer.Typer) -> None:
    """Add the room's command."""
    app.command()(release)


def release(
    version: Annotated[
        str, typer.Option("--version", help="Its number, such as 1.0 or 1.1-beta.")
    ],
    job: OfJob = None,
    author: Authors = None,
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the release.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Default: releases in --output."),
    ] = None,
    output: OutputFolder = DEFAULT_OUTPUT,
    debug: Debug = False,
) -> None:
    """Make a folder and a zip that others can cite, check and make again."""
    from placetypes.release.contents import Citation, gather
    from placetypes.release.package import refuse_existing, write_release, zip_of

    citation = Citation(read_version(version), author or [], read_day(day))
    project = load_project()
    with connect_published(output) as connection:
        chosen = choose_job(project, output, job)
        folder = (to or output / "releases") / f"{chosen.name}-{version}"
        refuse_existing(folder)
        refuse_broken(connection, project, chosen, output)
        contents = gather(connection, project, chosen, output, citation)
        files = write_release(contents, folder)
    if not author:
        errors.print(
            'No author is named: CITATION.cff says Anonymous; --author "Family, Given".'
        )
    say(
        f"The licences are those that sql/{chosen.name}/job.yml says of its inputs; "
        "where yours come from elsewhere, change them there."
    )
    say(f"{folder}: {files} files")
    say(f"{zip_of(folder)}: {zip_of(folder).stat().st_size:,} bytes")


def read_version(text: str) -> str:
    """Return a version. Raises PlacetypesError for what isn't one."""
    if not VERSION.fullmatch(text):
        raise PlacetypesError(
            f"“{text}” is no version: write numbers with points between, such as 1.0, "
            "1.0.2 or 2.0-beta."
        )
    return text


def read_day(text: str) -> str:
    """Return a day. Raises PlacetypesError for what isn't one."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise PlacetypesError(f"“{text}” is no day: write it as 2026-11-25.") from error


def choose_job(project: Project, output: Path, name: str | None) -> Job:
    """Return the job whose result is released.

    Raises PlacetypesError where there is no such result, or none that may be released.
    """
    if name is not None and name not in project.jobs:
        raise PlacetypesError(f"There is no job {name}.{nearest(name, project.jobs)}")
    published = {file.partition("/")[0] for file in read_manifest(output)["files"]}
    found = [
        entry
        for entry in project.jobs.values()
        if entry.release and entry.name in published and name in (None, entry.name)
    ]
    if not found:
        able = [entry.name for entry in project.jobs.values() if entry.release]
        raise PlacetypesError(
            f"There is no result {f'of {name} ' if name else ''}in {output} that may "
            f"be released: `release` in job.yml allows it, as it does for "
            f"{listed(able)}, and `run` makes it."
        )
    if len(found) > 1:
        others = listed([entry.name for entry in found[1:]])
        say(f"This is of {found[0].name}; --job takes {others}.")
    return found[0]


def refuse_broken(
    connection: duckdb.DuckDBPyConnection, project: Project, job: Job, output: Path
) -> None:
    """Raise PlacetypesError for a result that `check` refuses."""
    own = [name for name, model in project.models.items() if model.job == job.name]
    results = [result for _, result in asked_checks(connection, project, own)]
    broken = [result.check.table for result in results if result.is_error]
    if broken:
        raise PlacetypesError(
            f"{len(broken)} checks are broken, of {listed(sorted(set(broken)))}: "
            "`check` says what, and nothing is released until they hold."
        )
    refuse_mixture(output)
