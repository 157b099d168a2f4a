"""What a run hands its finished tables to: exports, page and shared warehouse."""

from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.exports.tables import stage_exports
from placetypes.exports.warehouse import copy_to_warehouse
from placetypes.parameters import GENERAL, Parameters, job_values
from placetypes.runner.project import Project
from placetypes.runner.run import Outlets

if TYPE_CHECKING:
    import duckdb

REPORT = "report.html"


def outlets_of(project: Project, parameters: Parameters) -> Outlets:
    """Return what these parameters want to be made of finished tables."""
    general = job_values(parameters, GENERAL)

    def stage(connection: "duckdb.DuckDBPyConnection", staging: Path) -> list[str]:
        staged = stage_exports(connection, project, staging, general["colours"])
        if general["report"]:
            staged.append(write_page(project, parameters, connection, staging).name)
        return staged

    def share(output: Path) -> None:
        copy_to_warehouse(output, general["warehouse"])

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
        most_areas=parameters["pipeline.report_areas"].value,
    )
    return write_report(connection, folder / REPORT, settings)
