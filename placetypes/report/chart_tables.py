"""The tables that charts and figures are drawn from, each where a job has published it.

charts.yml lists them; those within clusters that are split further are told from the
levels of a job.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from placetypes.database import Sql, literal, quoted
from placetypes.job import Job
from placetypes.yaml_files import read_yaml

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).parent
CHARTS = HERE / "charts.yml"
QUERIES = HERE / "queries"
# A job's published tables: the columns of each with their types.
Columns = dict[str, dict[str, str]]


class Source(NamedTuple):
    """What a chart's table is read from."""

    needs: dict[str, str]  # tables, and the columns that must be there
    query: Sql = Sql("")
    file: str = ""  # of queries, in place of a query

    def read(
        self, connection: "duckdb.DuckDBPyConnection"
    ) -> "duckdb.DuckDBPyRelation":
        """Ask a job, whose schema is current."""
        if self.file:
            return connection.sql(Sql((QUERIES / self.file).read_text("utf-8")))
        return connection.sql(self.query)

    def is_there(self, columns: Columns) -> bool:
        """Tell whether all that is read is published."""
        return all(
            set(needed.split()) <= columns.get(table, {}).keys()
            for table, needed in self.needs.items()
        )


@contextmanager
def inside(connection: "duckdb.DuckDBPyConnection", job: str) -> Iterator[Columns]:
    """Make a job's schema the current one; give the columns of what it has published.

    Without a table the schema may not be there, and nothing is made current.
    """
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = current_database() and schema_name = {literal(job)} "
        "order by table_name, column_index"
    ).fetchall()
    columns: Columns = {}
    for table, column, kind in rows:
        columns.setdefault(table, {})[column] = kind
    (former,) = connection.execute("select current_schema()").fetchone()
    if columns:
        connection.execute(f"use {quoted(job)}")
    try:
        yield columns
    finally:
        connection.execute(f"use {quoted(former)}")


def chart_relations(
    connection: "duckdb.DuckDBPyConnection", job: Job, columns: Columns
) -> "Iterator[tuple[str, duckdb.DuckDBPyRelation]]":
    """Give the charts' tables that a job, whose schema is current, has published."""
    for name, entry in read_yaml(CHARTS).items():
        if (source := Source(**entry)).is_there(columns):
            yield name, source.read(connection)
    for level in job.levels:
        sources = within_parents(level.name, level.parent) if level.parent else {}
        for name, source in sources.items():
            if source.is_there(columns):
                labels = literal(f"{level.name}_clustergram_labels")
                connection.execute(f"set variable labels = {labels}")
                connection.execute(f"set variable parent = {literal(level.parent)}")
                yield name, source.read(connection)


def within_parents(level: str, parent: str) -> dict[str, Source]:
    """Return the clustergrams within each cluster of a level's parent."""
    grams, scores, labels = (
        f"{level}_clustergram{end}" for end in ("s", "_scores", "_labels")
    )
    column = quoted(parent)
    rows = f"select {column}, * exclude ({column}) from"
    order = f"order by len({column}), {column}, k"
    return {
        grams: Source(
            {grams: f"{parent} k cluster areas component_mean"},
            f"{rows} {quoted(grams)} {order}, cluster",
        ),
        f"{level}_clustergram_flows": Source(
            {labels: f"area {parent}"}, file="parent_flows.sql"
        ),
        scores: Source(
            {scores: f"{parent} k silhouette calinski_harabasz davies_bouldin"},
            f"{rows} {quoted(scores)} {order}",
        ),
    }
