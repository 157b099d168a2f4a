"""Every figure of every job, written from published tables."""

from importlib import import_module
from pathlib import Path

from placetypes.database import connect_published
from placetypes.report.colours import DEFAULT_SCHEME
from placetypes.report.tables import has_tables

# Matplotlib takes a second to import: only when there is something to draw.
MODULES = {
    "census": "placetypes.report.census_figures",
    "embeddings": "placetypes.report.embeddings_figures",
}


def write_figures(
    output: Path, job: str, *, synthetic: bool, scheme: str = DEFAULT_SCHEME
) -> list[Path]:
    """Write a job's figures into its folder, if it has any.

    A job of which only a part is published has none. `synthetic` figures say below
    that they show invented data.
    """
    if job not in MODULES:
        return []
    with connect_published(output) as connection:
        module = import_module(MODULES[job])
        if not has_tables(connection, job, module.NEEDED):
            return []
        note = "SYNTHETIC demo data: every figure is invented" if synthetic else ""
        return module.write_figures(connection, output / job / "figures", note, scheme)
