"""What is made of finished tables: exports, page, shared warehouse, figures."""

from collections.abc import Iterable, Set
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from placetypes.database import (
    PUBLISHED,
    connect_published,
    latest_run,
    table_columns,
)
from placetypes.errors import PlacetypesError, nearest
from placetypes.exports.apart import workbooks_apart
from placetypes.exports.tables import stage_exports
from placetypes.exports.warehouse import copy_to_warehouse
from placetypes.job import Job
from placetypes.parameters import GENERAL, Parameters, job_values
from placetypes.publishing import (
    FIGURES,
    HANDBOOK,
    STAGING,
    figures_and_handbooks,
    only_run,
    publish_staged,
    read_manifest,
)
from placetypes.report.context import read_context
from placetypes.report.frame import Look, look_of
from placetypes.runner.project import Project
from placetypes.runner.request import Request
from placetypes.runner.run import Outlets

if TYPE_CHECKING:
    import duckdb

REPORT = "report.html"


class Drawing(NamedTuple):
    """How figures look, and which jobs are demos, as their figures say."""

    look: Look
    demo_jobs: Set[str]


def outlets_of(
    project: Project,
    parameters: Parameters,
    demo_jobs: Set[str] = frozenset(),
    redrawn: Iterable[str] = (),
) -> Outlets:
    """Return what these parameters want to be made of finished tables.

    `redrawn` are further jobs whose figures are drawn. Raises PlacetypesError where
    figures are wanted of a job that isn't there.
    """
    general = job_values(parameters, GENERAL)
    for job in general["figures"]:
        if job not in project.jobs:
            raise PlacetypesError(
                f"{GENERAL}.figures names {job}, which is no job."
                f"{nearest(job, project.jobs)}"
            )

    if general["report"]:
        read_context(general["context"])  # so that it's wrong before anything is built

    def stage(connection: "duckdb.DuckDBPyConnection", staging: Path) -> list[str]:
        options = {"scheme": general["colours"], "layers": general["variable_layers"]}
        if general["report"]:
            with workbooks_apart(staging / PUBLISHED) as book:
                staged = stage_exports(
                    connection, project, staging, **options, book=book
                )
                page = write_page(project, parameters, connection, staging)
            staged.append(page.name)
        else:
            staged = stage_exports(connection, project, staging, **options)
        drawing = Drawing(look_of(parameters), demo_jobs)
        wanted = {*general["figures"], *redrawn}
        return staged + stage_shown(connection, project, staging, drawing, wanted)

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
        context=parameters["pipeline.context"].value,
    )
    return write_report(connection, folder / REPORT, settings, project.jobs)


def write_shown(
    project: Project,
    parameters: Parameters,
    output: Path,
    jobs: Iterable[str],
    demo_jobs: Set[str] = frozenset(),
    *,
    page: bool = True,
) -> dict[str, int]:
    """Write page and figures of what is published; return each job's figures."""
    drawing = Drawing(look_of(parameters), demo_jobs)
    counts = {}
    with connect_published(output) as connection, only_run(output):
        staging, staged = output / STAGING, []
        former = figures_and_handbooks(output)
        if page:
            staged.append(write_page(project, parameters, connection, staging).name)
        for job in jobs:
            drawn = draw_figures(connection, project.jobs[job], staging, drawing)
            staged, counts[job] = staged + drawn, len(drawn)
        replaced = [name for name in former if is_figure(name) and job_of(name) in jobs]
        run_id = latest_run(connection)
        publish_staged(output, staged, run_id, replaced=replaced)
    return counts


def draw_figures(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    staging: Path,
    drawing: "Drawing",
    *,
    only_evidence: bool = False,
) -> list[str]:
    """Draw a job's figures into the staging folder; return their paths below it."""
    from placetypes.report.figures import write_evidence, write_figures

    folder, synthetic = staging / job.name / FIGURES, job.name in drawing.demo_jobs
    files = write_evidence(connection, job, folder, drawing.look, synthetic=synthetic)
    if not only_evidence:
        files += write_figures(
            connection, job, folder, drawing.look, synthetic=synthetic
        )
    return [file.relative_to(staging).as_posix() for file in files]


def stage_shown(
    connection: "duckdb.DuckDBPyConnection",
    project: Project,
    staging: Path,
    drawing: "Drawing",
    wanted: Set[str],
) -> list[str]:
    """Draw what shows a result that is new: evidence, and of the `wanted` jobs all.

    Returns its paths below the output folder, and those of figures and handbooks that
    show tables which are as they were: these stay.
    """
    from placetypes.report.evidence_figures import DRAWN

    manifest = read_manifest(staging.parent)
    built = connection.execute(
        "select model from meta.models where built_by > $1", [manifest.get("run", "")]
    ).fetchall()
    models = [model for (model,) in built if model in project.models]
    touched = {job_of(model, ".") for model in models}
    new = {job_of(model, ".") for model in models if not project.is_optional(model)}
    staged = []
    for job in sorted(touched):
        only_evidence = job not in new & wanted
        staged += draw_figures(
            connection,
            project.jobs[job],
            staging,
            drawing,
            only_evidence=only_evidence,
        )
    for name in manifest.get("files", {}):
        job, stem = job_of(name), PurePosixPath(name).stem
        if stem in DRAWN and is_figure(name):
            table = f"{job}.{stem}"
            stays = job not in touched and bool(table_columns(connection, table))
        else:
            stays = job not in new and (is_figure(name) or name.endswith(HANDBOOK))
        staged += [name] * stays
    return staged


def is_figure(name: str) -> bool:
    """Tell whether a path below the output folder is that of a job's figure."""
    return PurePosixPath(name).parent.name == FIGURES


def job_of(name: str, mark: str = "/") -> str:
    """Return the job that a path below the output folder, or a table, belongs to."""
    return name.partition(mark)[0]


def has_figures(output: Path, job: str) -> bool:
    """Tell whether figures of a job lie in the output folder."""
    return any((output / job / FIGURES).glob("*.png"))


def write_missing(request: Request) -> None:
    """Write page and figures that a run is to make where it had nothing to do."""
    project, output = request.project, request.output
    general = request.values(GENERAL)
    chosen = {project.models[name].job for name in request.chosen}
    jobs = [job for job in general["figures"] if job in chosen]
    jobs = sorted(job for job in jobs if not has_figures(output, job))
    page = general["report"] and not (output / REPORT).exists()
    if page or jobs:
        parameters, demo_jobs = request.parameters, request.demo_jobs
        write_shown(project, parameters, output, jobs, demo_jobs, page=page)
