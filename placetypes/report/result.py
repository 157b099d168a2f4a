"""A job's published tables, as figures for papers are drawn from them."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from placetypes.colours import category_colours, ramp_steps
from placetypes.database import table_columns
from placetypes.job import Job
from placetypes.report.chart_tables import Columns, chart_relations
from placetypes.report.job_page import AREAS, ramps_of, read_areas, read_labels

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from placetypes.report.frame import Look
    from placetypes.report.maps import AreaShapes


@dataclass(frozen=True)
class Result:
    """What is published of a job: its charts' tables, its areas, its clusters."""

    job: Job
    tables: dict[str, "pd.DataFrame"]
    areas: "pd.DataFrame | None"
    shapes: "AreaShapes | None"
    levels: dict[str, list[str]]  # the clusters of each level, the coarsest first
    look: "Look"
    target: str

    @cached_property
    def colours(self) -> dict[str, str]:
        """Return the colour of each cluster."""
        labels = [label for level in self.levels.values() for label in level]
        return category_colours(labels, self.look.scheme)

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the name of each cluster that has one."""
        summary = self.tables.get("cluster_summary", {})
        if "name" not in summary:
            return {}
        named = summary[["cluster", "name"]].dropna()
        return dict(named.itertuples(index=False))

    def called(self, cluster: str) -> str:
        """Return a cluster's letter, with its name where it has one."""
        name = self.names.get(cluster)
        return f"{cluster} · {name}" if name else cluster

    def steps(self, column: str, count: int) -> list[str]:
        """Return colours for the classes of a column's numbers, from low to high."""
        from matplotlib.colors import LinearSegmentedColormap, to_hex

        ramp = ramps_of(self.job.page or {}, [column]).get(column, self.look.ramp)
        palette = LinearSegmentedColormap.from_list(ramp, ramp_steps(ramp))
        return [to_hex(palette(place / max(count - 1, 1))) for place in range(count)]

    def has(self, *names: str) -> bool:
        """Tell whether tables are there and hold rows."""
        return all(name in self.tables and len(self.tables[name]) for name in names)

    @property
    def variables(self) -> "pd.DataFrame | None":
        """Return the variables in order, from their scores where no table has them."""
        if self.has("variables"):
            return self.tables["variables"]
        if not self.has("index_scores"):
            return None
        columns = ["variable", "variable_name", "domain"]
        return self.tables["index_scores"][columns].drop_duplicates()

    def summary(self, level: str) -> "pd.DataFrame":
        """Return a level's clusters, their numbers of areas and what else is known."""
        if "cluster_summary" not in self.tables:
            counts = self.areas[level].value_counts().reindex(self.levels[level])
            return counts.rename_axis("cluster").reset_index(name="areas")
        summary = self.tables["cluster_summary"]
        return summary[summary["level"] == level] if "level" in summary else summary


def read_result(
    connection: "duckdb.DuckDBPyConnection",
    job: Job,
    columns: Columns,
    look: "Look",
) -> Result:
    """Read a job, whose schema is current."""
    from placetypes.report.maps import read_shapes

    tables = {
        name: relation.df()
        for name, relation in chart_relations(connection, job, columns)
    }
    if "map_classes" in columns:
        tables["map_classes"] = connection.sql("from map_classes order by area").df()
    areas = read_areas(connection, columns)
    summary = tables.get("cluster_summary")
    rows = [] if summary is None else summary.to_dict("records")
    return Result(
        job,
        tables,
        areas,
        None if areas is None else read_shapes(connection, AREAS, place_of(job, areas)),
        read_labels(job, rows, areas),
        look,
        parameters_of(connection, job).get("target", "target"),
    )


def place_of(job: Job, areas: "pd.DataFrame") -> "pd.Series | None":
    """Return the place, such as the district, that each area lies in."""
    column = (job.page or {}).get("place", {}).get("column")
    return areas.set_index("area")[column] if column in areas else None


def parameters_of(
    connection: "duckdb.DuckDBPyConnection", job: Job
) -> dict[str, object]:
    """Return a job's parameters by their short names, as the run used them."""
    if not table_columns(connection, "meta.parameters"):
        return {}
    rows = connection.execute("select parameter, value from meta.parameters").fetchall()
    return {
        name.removeprefix(f"{job.name}."): json.loads(value)
        for name, value in rows
        if name.startswith(f"{job.name}.")
    }
