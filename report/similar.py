"""Which areas are like mine: nearest in the space that the clusters are made in."""

from typing import Any, NamedTuple

import duckdb

from runner.errors import PlacetypesError, nearest
from runner.warehouse import literal, table_columns

# The table in whose space a job's areas are clustered.
SPACES = {"census": "cluster_inputs", "embeddings": "embeddings"}
# What is worth showing of an area, where classification has the column.
SHOWN = (
    "area_name",
    "district_name",
    "supergroup",
    "supergroup_name",
    "subgroup",
    "subgroup_name",
    "cluster",
    "cluster_name",
    "fit",
)

NEAREST = """
with positions as (
    select area, [*columns(* exclude (area))] as position from {job}.{space}
),

asked as (select position from positions where area = {area})

select
    positions.area,
    list_distance(positions.position, asked.position) as distance,
    {shown}
from positions
cross join asked
inner join {job}.classification on positions.area = classification.area
order by positions.area <> {area}, distance, positions.area
limit {count} + 1
"""

# An area's own values against the region's means, as index scores.
STANDING_OUT = """
with one_area as (
    unpivot (select * exclude (area) from census.region_variables where area = {area})
    on columns(*) into name variable value percentage
),

scores as (
    select
        variable_profile.variable_name,
        one_area.percentage,
        variable_profile.mean,
        100 * one_area.percentage / nullif(variable_profile.mean, 0) as index_score
    from one_area
    inner join census.variable_profile on one_area.variable = variable_profile.variable
)

(select * from scores where index_score > 120 order by index_score desc limit {count})
union all
(select * from scores where index_score < 80 order by index_score limit {count})
"""


class Similar(NamedTuple):
    """An area and those most like it."""

    job: str
    columns: list[str]
    rows: list[tuple[Any, ...]]  # the area itself first, then the nearest
    standing_out: list[tuple[Any, ...]]  # variable, value, region's mean, index score


def find_job(connection: duckdb.DuckDBPyConnection, area: str, job: str | None) -> str:
    """Return the job that classifies an area; an unknown code names near ones."""
    jobs = [job] if job else list(SPACES)
    known: list[str] = []
    for name in jobs:
        if name not in SPACES:
            raise PlacetypesError(f"There is no job {name}.{nearest(name, SPACES)}")
        if not table_columns(connection, f"{name}.classification"):
            continue
        codes = connection.execute(f"select area from {name}.classification").fetchall()
        if (area,) in codes:
            return name
        known += [code for (code,) in codes]
    hint = nearest(area, known) if known else ""
    if "Known:" in hint:
        hint = f" Areas are coded such as {known[0]}."
    raise PlacetypesError(
        f"No area {area} is classified{f' in {job}' if job else ''}.{hint}"
    )


def find_similar(
    connection: duckdb.DuckDBPyConnection, job: str, area: str, count: int
) -> Similar:
    """Return the areas nearest to one area (Euclidean distance, the nearest first)."""
    has = table_columns(connection, f"{job}.classification")
    columns = [name for name in SHOWN if name in has]
    query = NEAREST.format(
        job=job,
        space=SPACES[job],
        area=literal(area),
        count=int(count),
        shown=", ".join(f"classification.{name}" for name in columns),
    )
    rows = connection.execute(query).fetchall()
    standing_out = []
    if job == "census":
        standing_out = connection.execute(
            STANDING_OUT.format(area=literal(area), count=5)
        ).fetchall()
    return Similar(job, ["area", "distance", *columns], rows, standing_out)
