"""Every figure that a job's published tables allow, for papers and slides."""

from pathlib import Path
from typing import TYPE_CHECKING

from placetypes.job import Job
from placetypes.report.chart_tables import inside
from placetypes.report.frame import Look, read_frame

if TYPE_CHECKING:
    import duckdb


def write_figures(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    folder: Path,
    look: Look = Look(),  # noqa: B008 - a tuple, which nothing changes
    *,
    synthetic: bool = False,
) -> list[Path]:
    """Write a job's figures into a folder; those of a demo say that they are."""
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
        result = read_result(connection, job, columns, look)
    frame = read_frame(connection, job, look, synthetic=synthetic)
    return [
        file
        for draw in (cluster_figures, area_figures, variable_figures, forest_figures)
        for name, figure in draw(result).items()
        for file in save(figure, folder / name, frame)
    ]


def write_evidence(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    folder: Path,
    look: Look,
    *,
    synthetic: bool,
) -> list[Path]:
    """Draw each kind of evidence that was built into a folder."""
    from placetypes.report.drawing import save
    from placetypes.report.evidence_figures import DRAWN

    with inside(connection, job.name) as columns:
        if not columns:
            return []
        frame = read_frame(connection, job, look, synthetic=synthetic)
        return [
            file
            for table, draw in DRAWN.items()
            if table in columns
            for file in save(draw(connection), folder / f"{table}.png", frame)
        ]
