"""Which areas are like mine: nearest in the space that the clusters are made in.

And what sets one apart: in percentages, an index score against the region; in
embeddings, which have no zero, standard deviations from the mean of all areas.
"""

from typing import Any, NamedTuple

import duckdb

from placetypes.database import literal, table_columns
from placetypes.errors import PlacetypesError, nearest

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


# Embeddings and socio-economic values in standard deviations from all areas' mean.
DEVIATING = """
with measured as (
    select
        embeddings.*,
        joined.* exclude (area, area_name)
    from embeddings.embeddings
    inner join embeddings.joined on embeddings.area = joined.area
),

one_area as (
    unpivot (select * exclude (area) from measured where area = {area})
    on columns(*) into name variable value here
),

means as (
    unpivot (select avg(columns(* exclude (area))) from measured)
    on columns(*) into name variable value mean
),

deviations as (
    unpivot (select stddev_pop(columns(* exclude (area))) from measured)
    on columns(*) into name variable value deviation
),

scores as (
    select
        one_area.variable,
        one_area.here,
        means.mean,
        (one_area.here - means.mean) / nullif(deviations.deviation, 0) as deviation
    from one_area
    inner join means on one_area.variable = means.variable
    inner join deviations on one_area.variable = deviations.variable
),

kinds as (
    select scores.*, dimensions.dimension is not null as is_dimension
    from scores
    left join embeddings.dimensions on scores.variable = dimensions.dimension
),

above as (
    select * from kinds
    where is_dimension and deviation > 1 order by deviation desc limit {count}
),

below as (
    select * from kinds
    where is_dimension and deviation < -1 order by deviation limit {count}
),

chosen as (
    select * from kinds where not is_dimension and deviation is not null
    union all
    select * from above
    union all
    select * from below
)

select variable, here, mean, deviation from chosen
order by is_dimension, deviation desc, variable
"""

# How an area of the embeddings job fits its cluster, as the census job has it.
EMBEDDING_FIT = """
with positions as (
    select area, [*columns(* exclude (area))] as position from embeddings.embeddings
),

centroids as (
    select cluster, [*columns(* exclude (cluster))] as centroid
    from embeddings.cluster_centroids
),

distances as (
    select
        positions.area,
        centroids.cluster = clusters.cluster as is_own,
        list_distance(positions.position, centroids.centroid) as distance
    from positions
    inner join embeddings.clusters on positions.area = clusters.area
    cross join centroids
    where positions.area in (select unnest($1))
),

nearest as (
    select
        area,
        any_value(distance) filter (where is_own) as own,
        min(distance) filter (where not is_own) as other
    from distances
    group by area
)

select area, (other - own) / nullif(greatest(own, other), 0) from nearest
"""


MEASURES = {
    "census": (STANDING_OUT, "index"),
    "embeddings": (DEVIATING, "standard deviations"),
}


class Similar(NamedTuple):
    """An area and those most like it."""

    job: str
    columns: list[str]
    rows: list[tuple[Any, ...]]  # the area itself first, then the nearest
    standing_out: list[tuple[Any, ...]]  # variable, value, mean, measure
    measure: str  # index score, or standard deviations


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
    if job == "embeddings":
        rows = with_embedding_fit(connection, rows)
        columns.append("fit")
    stands_out, measure = MEASURES[job]
    standing_out = connection.execute(
        stands_out.format(area=literal(area), count=5)
    ).fetchall()
    return Similar(job, ["area", "distance", *columns], rows, standing_out, measure)


def with_embedding_fit(
    connection: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Add to each row, which begins with an area, how that fits its cluster."""
    fits = connection.execute(EMBEDDING_FIT, [[row[0] for row in rows]]).fetchall()
    fit_of = dict(fits)
    return [(*row, fit_of.get(row[0])) for row in rows]
