"""The tables that charts and figures are drawn from, each where a job has published it.

A chart is drawn when its tables are there with the columns that it reads, whichever job
made them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from placetypes.database import literal, quoted
from placetypes.job import Job

if TYPE_CHECKING:
    import duckdb

QUERIES = Path(__file__).parent / "queries"
# A job's published tables: the columns of each with their types.
Columns = dict[str, dict[str, str]]


class Source(NamedTuple):
    """What a chart's table is read from."""

    needs: dict[str, str]  # tables, and the columns that must be there
    query: str


def ordered(table: str, columns: str, order: str) -> Source:
    """Return a table as it stands, its rows in order."""
    return Source({table: columns}, f"from {table} order by {order}")


def read_query(name: str) -> str:
    """Return the SELECT of a file."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


K = "k silhouette calinski_harabasz davies_bouldin"
FOREST = "feature_set validation"
SOURCES = {
    "variables": Source(
        {
            "variable_profile": "variable variable_name domain mean variance "
            "scaled_variance",
            "left_out_variables": "variable reason",
        },
        read_query("variables"),
    ),
    "cluster_summary": ordered(
        "cluster_summary", "cluster areas share_of_areas", "len(cluster), cluster"
    ),
    "index_scores": ordered(
        "index_scores",
        "level cluster variable variable_name domain cluster_mean overall_mean "
        "index_score index_score_scaled",
        "domain nulls last, variable, len(cluster), cluster",
    ),
    "class_breaks": ordered(
        "class_breaks", "variable scheme class label", "variable, scheme, class"
    ),
    "representative_areas": ordered(
        "representative_areas",
        "cluster rank area area_name distance",
        "len(cluster), cluster, rank",
    ),
    "forest_scores": ordered("forest_scores", FOREST, "validation, feature_set"),
    "forest_confusion": ordered(
        "forest_confusion",
        f"{FOREST} actual predicted areas share_of_actual",
        "feature_set, validation, actual, predicted",
    ),
    "forest_importances": ordered(
        "forest_importances",
        "feature_set feature impurity permutation permutation_spread permutation_rank",
        "feature_set, permutation_rank",
    ),
    "clustergram": ordered(
        "clustergram", "k cluster areas component_mean", "k, cluster"
    ),
    "clustergram_flows": ordered(
        "clustergram_flows", "k cluster next_cluster areas", "all"
    ),
    "clustergram_scores": ordered("clustergram_scores", K, "k"),
    "correlations": Source(
        {"correlations": "variable partner correlation"},
        "from correlations where variable < partner order by variable, partner",
    ),
    "high_correlations": ordered(
        "high_correlations",
        "variable partner correlation",
        "abs(correlation) desc, variable, partner",
    ),
    "histograms": ordered(
        "variable_histograms",
        "variable stage bar lower_bound upper_bound areas",
        "variable, stage, bar",
    ),
    "left_out": ordered("left_out", "area reason", "reason, area"),
    "summary": Source(
        {"run_summary": "line topic text"},
        "select topic, text from run_summary order by line, topic",
    ),
    "names": Source(
        {"cluster_names": "cluster level name portrait status"},
        "select cluster, level, name, portrait, status from cluster_names "
        "order by len(cluster), cluster",
    ),
}


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
    for name, source in SOURCES.items():
        if is_there(source, columns):
            yield name, connection.sql(source.query)
    for level in job.levels:
        if not level.parent:
            continue
        for name, source in within_parents(level.name, level.parent).items():
            if is_there(source, columns):
                table = f"{level.name}_clustergram_labels"
                connection.execute(f"set variable labels = {literal(table)}")
                connection.execute(f"set variable parent = {literal(level.parent)}")
                yield name, connection.sql(source.query)


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
            {labels: f"area {parent}"}, read_query("parent_flows")
        ),
        scores: Source({scores: f"{parent} {K}"}, f"{rows} {quoted(scores)} {order}"),
    }


def is_there(source: Source, columns: Columns) -> bool:
    """Tell whether all that a query reads is published."""
    return all(
        set(needed.split()) <= columns.get(table, {}).keys()
        for table, needed in source.needs.items()
    )
