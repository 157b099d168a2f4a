"""What is made of finished tables: exports, page, shared warehouse, figures."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from placetypes import console
from placetypes.console import Text
from placetypes.database import connect_published, latest_run
from placetypes.errors import PlacetypesError, listed, nearest
from placetypes.exports.tables import stage_exports
from placetypes.exports.warehouse import copy_to_warehouse
from placetypes.job import Job
from placetypes.parameters import GENERAL, Parameters, job_values
from placetypes.publishing import STAGING, only_run, publish_staged
from placetypes.report.frame import look_of
from placetypes.runner.project import Project
from placetypes.runner.request import Request
from placetypes.runner.run import Outlets

if TYPE_CHECKING:
    import duckdb

REPORT = "report.html"
HANDBOOK = ("handbook.pdf", "handbook.docx")


def outlets_of(project: Project, parameters: Parameters) -> Outlets:
    """Return what these parameters want to be made of finished tables.

    Raises PlacetypesError where figures are wanted of a job that isn't there.
    """
    general = job_values(parameters, GENERAL)
    for job in general["figures"]:
        if job not in project.jobs:
            raise PlacetypesError(
                f"{GENERAL}.figures names {job}, which is no job."
                f"{nearest(job, project.jobs)}"
            )

    def stage(connection: "duckdb.DuckDBPyConnection", staging: Path) -> list[str]:
        staged = stage_exports(
            connection,
            project,
            staging,
            general["colours"],
            layers=general["variable_layers"],
        )
        if general["report"]:
            staged.append(write_page(project, parameters, connection, staging).name)
        return staged

    def share(output: Path) -> None:
        private = {job.name for job in project.jobs.values() if job.private}
        copy_to_warehouse(output, general["warehouse"], private)

    return Outlets(stage, share if general["warehouse"] else None)


def write_page(
    project: Project,
    parameters: Parameters,
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
) -> Path:
    """Write report.html from a database's tables."""
    from placetypes.report.page import PageSettings, write_report

    settings = PageSettings(
        scheme=parameters["pipeline.colours"].value,
        ramp=parameters["pipeline.ramp"].value,
    )
    return write_report(connection, folder / REPORT, settings, project.jobs)


def write_published_page(
    project: Project, parameters: Parameters, output: Path
) -> Path:
    """Write report.html from the published tables of an output folder."""
    with connect_published(output) as connection, only_run(output):
        page = write_page(project, parameters, connection, output / STAGING)
        publish_staged(output, [page.name], latest_run(connection))
    return output / REPORT


def draw_figures(
    parameters: Parameters, output: Path, jobs: Iterable[Job], demo_jobs: set[str]
) -> None:
    """Draw the figures of jobs whose result is published."""
    from placetypes.report.figures import write_job_figures

    look = look_of(parameters)
    for job in jobs:
        write_job_figures(output, job, look, synthetic=job.name in demo_jobs)


def draw_results(request: Request, built: list[str]) -> None:
    """Draw the figures that a run is to draw where they are out of date.

    A run that had nothing to do leaves them, so that it stays quick; the page, which a
    run publishes with its tables, it writes only where it is missing.
    """
    project, output = request.project, request.output
    chosen = {project.models[name].job for name in request.chosen}
    drawn = [
        job
        for job in sorted(chosen & set(request.parameters["pipeline.figures"].value))
        if job in jobs_of(built) or not (output / job / "figures").exists()
    ]
    needed = [name for name in built if not project.is_optional(name)]
    for job in sorted(jobs_of(needed)):
        delete_handbook(output / job, job)
        delete_figures(output / job / "figures", job, is_drawn=job in drawn)
    if drawn:
        jobs = [project.jobs[job] for job in drawn]
        draw_figures(request.parameters, output, jobs, set(request.demo_jobs))
    wants_page = request.parameters["pipeline.report"].value
    if wants_page and not (output / REPORT).exists():
        write_published_page(project, request.parameters, output)


def delete_figures(folder: Path, job: str, *, is_drawn: bool) -> None:
    """Delete figures of a result that is no more; evidence looks after its own."""
    from placetypes.report.evidence_figures import DRAWN

    found = [file for file in folder.glob("*") if file.is_file()]
    files = [file for file in found if file.stem not in DRAWN]
    for file in files:
        file.unlink()
    if files and not is_drawn:
        console.errors.print(
            Text(
                f"{job}: {len(files)} figures showed the former result and are "
                "deleted; `report` draws them anew."
            )
        )


def delete_handbook(folder: Path, job: str) -> None:
    """Delete a handbook of a result, or of names, that are no more."""
    files = [folder / name for name in HANDBOOK if (folder / name).exists()]
    for file in files:
        file.unlink()
    if files:
        console.errors.print(
            Text(
                f"{job}: {listed([file.name for file in files])} showed the former "
                "result and are deleted; `handbook` writes them anew."
            )
        )


def draw_evidence(request: Request, built: list[str]) -> None:
    """Draw the evidence that a run was asked for; delete what is outdated."""
    for job in sorted(jobs_of(built)):
        from placetypes.report.figures import write_evidence

        write_evidence(
            request.output,
            request.project.jobs[job],
            look_of(request.parameters),
            synthetic=job in request.demo_jobs,
        )


def jobs_of(tables: list[str]) -> set[str]:
    """Return the jobs that tables, schema.table, belong to."""
    return {name.partition(".")[0] for name in tables}
