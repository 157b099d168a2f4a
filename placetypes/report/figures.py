"""Every figure that a job's published tables allow, for papers and slides."""

from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.colours import DEFAULT_RAMP, DEFAULT_SCHEME
from placetypes.database import connect_published
from placetypes.job import Job
from placetypes.report.chart_tables import inside

if TYPE_CHECKING:
    import duckdb

SYNTHETIC = "SYNTHETIC demo data: every figure is invented"


def write_figures(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    folder: Path,
    note: str = "",
    scheme: str = DEFAULT_SCHEME,
    ramp: str = DEFAULT_RAMP,
) -> list[Path]:
    """Write a job's figures into a folder; `note`, such as SYNTHETIC, stands below."""
    # Matplotlib takes a second to import: only when there is something to draw.
    from placetypes.report.area_figures import area_figures
    from placetypes.report.cluster_figures import cluster_figures
    from placetypes.report.drawing import save
    from placetypes.report.forest_figures import forest_figures
    from placetypes.report.result import read_result
    from placetypes.report.variable_figures import variable_figures

    with inside(connection, job.name) as columns:
        if not columns:
            return []
        result = read_result(connection, job, columns, scheme, ramp)
    return [
        file
        for draw in (cluster_figures, area_figures, variable_figures, forest_figures)
        for name, figure in draw(result).items()
        for file in save(figure, folder / name, note)
    ]


def write_job_figures(
    output: Path, job: Job, *, synthetic: bool, scheme: str, ramp: str
) -> None:
    """Write the figures of a published job into its folder."""
    with connect_published(output) as connection:
        note = SYNTHETIC if synthetic else ""
        write_figures(
            connection, job, output / job.name / "figures", note, scheme, ramp
        )


def write_evidence(output: Path, job: Job, *, synthetic: bool) -> list[Path]:
    """Draw each kind of evidence that was built; delete what is outdated."""
    from placetypes.report.drawing import save
    from placetypes.report.evidence_figures import DRAWN

    folder = output / job.name / "figures"
    files = []
    with (
        connect_published(output, spatial=False) as connection,
        inside(connection, job.name) as columns,
    ):
        for table, draw in DRAWN.items():
            path = folder / f"{table}.png"
            if table in columns:
                note = SYNTHETIC if synthetic else ""
                files += save(draw(connection), path, note)
            else:
                for suffix in (".png", ".svg"):
                    path.with_suffix(suffix).unlink(missing_ok=True)
    return files
