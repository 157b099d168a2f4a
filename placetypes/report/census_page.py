"""The census part of the page: what it shows, read from the published tables."""

from typing import TYPE_CHECKING, Any

from placetypes.report.colours import cluster_colours, subgroup_colours
from placetypes.report.shapes import read_outlines
from placetypes.report.tables import embed_layer, embed_query, has_table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

AREAS = """
select * exclude (geometry) from census.classification order by area
"""

# A part of the job may be published alone; the page needs all of these.
NEEDED = (
    "classification",
    "cluster_summary",
    "clustergram",
    "clustergram_flows",
    "clustergram_scores",
    "correlations",
    "high_correlations",
    "index_scores",
    "left_out",
    "left_out_variables",
    "region_variables",
    "run_summary",
    "subgroup_clustergram_labels",
    "subgroup_clustergram_scores",
    "subgroup_clustergrams",
    "subgroup_index_scores",
    "subgroup_summary",
    "variable_histograms",
    "variable_profile",
)

# The charts' tables, as they stand behind them and as they are downloaded.
TABLES = {
    "variables": """
        select
            variable_profile.variable,
            variable_profile.variable_name,
            variable_profile.domain,
            variable_profile.mean,
            variable_profile.minimum,
            variable_profile.maximum,
            variable_profile.variance,
            variable_profile.skewness,
            variable_profile.share_of_zeros,
            variable_profile.scaled_mean,
            variable_profile.scaled_variance,
            variable_profile.scaled_skewness,
            left_out_variables.reason as left_out_because
        from census.variable_profile
        left join census.left_out_variables using (variable)
        order by variable_profile.domain nulls last, variable_profile.variable
    """,
    "cluster_summary": """
        from census.cluster_summary order by len(supergroup), supergroup
    """,
    "subgroup_summary": """
        from census.subgroup_summary
        order by len(supergroup), supergroup, len(subgroup), subgroup
    """,
    "index_scores": """
        from census.index_scores
        order by domain nulls last, variable, len(cluster), cluster
    """,
    "subgroup_index_scores": """
        from census.subgroup_index_scores
        order by domain nulls last, variable, len(cluster), cluster
    """,
    "clustergram": "from census.clustergram order by k, cluster",
    "clustergram_flows": "from census.clustergram_flows order by all",
    "clustergram_scores": "from census.clustergram_scores order by k",
    "subgroup_clustergrams": """
        select supergroup, * exclude (supergroup)
        from census.subgroup_clustergrams
        order by len(supergroup), supergroup, k, cluster
    """,
    # The flows within supergroups are published as labels only.
    "subgroup_clustergram_flows": r"""
        with memberships as (
            unpivot census.subgroup_clustergram_labels
            on columns('^k\d+$') into name k value cluster
        ),

        numbered as (
            select area, supergroup, substr(k, 2)::integer as k, cluster
            from memberships
        )

        select
            coarse.supergroup,
            coarse.k,
            coarse.cluster,
            fine.cluster as next_cluster,
            count(*) as areas
        from numbered as coarse
        inner join numbered as fine
            on coarse.area = fine.area and coarse.k + 1 = fine.k
        group by all
        order by 1, 2, 3, 4
    """,
    "subgroup_clustergram_scores": """
        select supergroup, * exclude (supergroup)
        from census.subgroup_clustergram_scores
        order by len(supergroup), supergroup, k
    """,
    "correlations": """
        from census.correlations where variable < partner order by variable, partner
    """,
    "high_correlations": """
        from census.high_correlations order by abs(correlation) desc, variable, partner
    """,
    "histograms": """
        from census.variable_histograms order by variable, stage, bar
    """,
    "left_out": "from census.left_out order by reason, area",
    "summary": "select topic, text from census.run_summary order by line, topic",
}
NAMES = """
select cluster, level, name, portrait, status from census.cluster_names
order by len(cluster), cluster
"""
NO_NAMES = """
select
    null::varchar as cluster,
    null::varchar as level,
    null::varchar as name,
    null::varchar as portrait,
    null::varchar as status
where false
"""


def census_page(
    connection: "duckdb.DuckDBPyConnection", scheme: str, most_areas: int
) -> dict[str, Any]:
    """Return the census part."""
    areas = connection.sql(AREAS).df()
    variables = connection.sql(
        """
        select region_variables.* exclude (area)
        from census.region_variables
        inner join census.classification using (area)
        order by area
        """
    ).df()
    numbers = variables.assign(**{name: areas[name] for name in ("fit", "population")})
    outlines = read_outlines(connection, "census.classification")
    tables = {name: embed_query(connection, query) for name, query in TABLES.items()}
    has_names = has_table(connection, "census.cluster_names")
    tables["names"] = embed_query(connection, NAMES if has_names else NO_NAMES)
    supergroups = [row[0] for row in tables["cluster_summary"]["rows"]]
    subgroups = [row[1] for row in tables["subgroup_summary"]["rows"]]
    labels = {
        "supergroup": supergroups,
        "subgroup": subgroups,
        "next_supergroup": supergroups,
        "district_name": sorted(areas["district_name"].dropna().unique()),
    }
    return {
        "layer": embed_layer(outlines, areas, labels, numbers, most_areas),
        "outside": outside(areas),
        "tables": tables,
        "colours": {
            **cluster_colours(supergroups, scheme),
            **subgroup_colours(subgroups, scheme),
        },
    }


def outside(areas: "pd.DataFrame") -> list[int]:
    """Return the places in the order of the areas that only touch the region."""
    return [index for index, inside in enumerate(areas["is_inside"]) if not inside]
