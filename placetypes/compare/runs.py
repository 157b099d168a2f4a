"""Two runs held against each other: areas that moved, agreement, index scores."""

from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from placetypes.database import PUBLISHED, connect_plain, literal
from placetypes.errors import PlacetypesError, listed
from placetypes.runner.publish import HISTORY, run_of

# The table of each job that gives an area its cluster.
CLUSTERS = {"census": "supergroups", "embeddings": "clusters"}
CLUSTER_COLUMN = {"census": "supergroup", "embeddings": "cluster"}

MOVES = """
select
    coalesce(a.area, b.area) as area,
    a.{cluster} as former_cluster,
    b.{cluster} as new_cluster
from former.{job}.{table} as a
full join latter.{job}.{table} as b on a.area = b.area
where a.{cluster} is distinct from b.{cluster}
order by area
"""

# Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2.
ADJUSTED_RAND_INDEX = """
with common as (
    select a.{cluster} as one, b.{cluster} as other
    from former.{job}.{table} as a
    inner join latter.{job}.{table} as b on a.area = b.area
),

cells as (select count(*)::double as n from common group by one, other),

pairs as (
    select
        (select sum(n * (n - 1) / 2) from cells) as agreeing,
        (
            select sum(n * (n - 1) / 2)
            from (select count(*)::double as n from common group by one)
        ) as one_pairs,
        (
            select sum(n * (n - 1) / 2)
            from (select count(*)::double as n from common group by other)
        ) as other_pairs,
        (select count(*)::double * (count(*) - 1) / 2 from common) as all_pairs
),

expected as (
    select
        *,
        one_pairs * other_pairs / nullif(all_pairs, 0) as chance,
        (one_pairs + other_pairs) / 2 as most
    from pairs
)

select
    (select count(*) from common),
    case when most = chance then 1 else (agreeing - chance) / (most - chance) end
from expected
"""

MOVED_SCORES = """
select
    b.cluster,
    b.variable,
    b.variable_name,
    a.index_score as former_score,
    b.index_score as new_score,
    b.index_score - a.index_score as difference
from former.census.index_scores as a
inner join latter.census.index_scores as b
    on a.cluster = b.cluster and a.variable = b.variable
where abs(b.index_score - a.index_score) > 1e-9
order by abs(difference) desc, b.cluster, b.variable
"""


class Comparison(NamedTuple):
    """What differs between two runs in one job."""

    job: str
    areas: int  # areas that both classify
    adjusted_rand_index: float | None
    moves: list[tuple[Any, ...]]  # area, former cluster, new cluster
    scores: list[tuple[Any, ...]]  # moved index scores, the largest move first


def databases(output: Path) -> dict[str, Path]:
    """Return the kept databases by run id, the oldest first, the published one last."""
    found = {path.stem: path for path in sorted((output / HISTORY).glob("*.duckdb"))}
    if (output / PUBLISHED).exists():
        found[run_of(output / PUBLISHED)] = output / PUBLISHED
    if not found:
        raise PlacetypesError(
            f"There is no result in {output} yet: python pipeline.py run makes it."
        )
    return found


def find_run(output: Path, name: str) -> Path:
    """Return the database of a run id, of its beginning, or of `latest`."""
    found = databases(output)
    if name == "latest":
        return list(found.values())[-1]
    fitting = [path for run_id, path in found.items() if run_id.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    what = "more than one kept run begins with" if fitting else "no kept run is called"
    raise PlacetypesError(
        f"In {output}, {what} {name}. Kept: {listed(found, most=10)}; "
        "the parameter history says how many are kept."
    )


def compare(former: Path, latter: Path) -> list[Comparison]:
    """Compare two databases, job by job, for the jobs that both hold."""
    with connect_plain() as connection:
        connection.execute(f"attach {literal(str(former))} as former (read_only)")
        connection.execute(f"attach {literal(str(latter))} as latter (read_only)")
        return [
            compare_job(connection, job)
            for job in CLUSTERS
            if holds(connection, f"{job}.{CLUSTERS[job]}")
        ]


def compare_job(connection: duckdb.DuckDBPyConnection, job: str) -> Comparison:
    """Compare one job's clusters and, in the census job, its index scores."""
    names = {"job": job, "table": CLUSTERS[job], "cluster": CLUSTER_COLUMN[job]}
    areas, index = connection.execute(ADJUSTED_RAND_INDEX.format(**names)).fetchone()
    moves = connection.execute(MOVES.format(**names)).fetchall()
    scores = []
    if job == "census" and holds(connection, "census.index_scores"):
        scores = connection.execute(MOVED_SCORES).fetchall()
    return Comparison(job, areas, index, moves, scores)


def holds(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Tell whether both databases hold a table."""
    row = connection.execute(
        f"""
        select count(distinct database_name) from duckdb_tables()
        where database_name in ('former', 'latter')
        and schema_name || '.' || table_name = {literal(table)}
        """
    ).fetchone()
    return row == (2,)
