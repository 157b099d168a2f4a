-- One row: one cluster of the hierarchy and one variable, against region and parent.
with published_members as (
    select
        hierarchy.deepest_cluster as leaf,
        region_variables.* exclude (area)
    from region_variables
    inner join hierarchy on region_variables.area = hierarchy.area
),

-- Every cluster is made of deepest ones, so the areas are gone through once.
leaf_means as (
    select
        leaf,
        exact_avg(columns(* exclude (leaf)))
    from published_members
    group by leaf
),

-- The variance by the mean of squares: unlike DuckDB's, the same in any order.
leaf_squares as (
    select
        leaf,
        exact_avg(columns(* exclude (leaf)) ** 2)
    from published_members
    group by leaf
),

leaf_squares_long as (
    unpivot leaf_squares
    on columns(* exclude (leaf)) into name variable value mean_square
),

leaf_means_long as (
    unpivot leaf_means
    on columns(* exclude (leaf)) into name variable value mean
),

members as (
    unpivot hierarchy
    on columns(* exclude (area, deepest_cluster)) into name level_name value cluster
),

cluster_leaves as (
    select
        members.cluster,
        hierarchy.deepest_cluster as leaf,
        count(*) as areas
    from members
    inner join hierarchy on members.area = hierarchy.area
    group by members.cluster, hierarchy.deepest_cluster
),

-- Added up in order: else the last digits would differ from run to run.
cluster_means as (
    select
        cluster_leaves.cluster,
        leaf_means_long.variable,
        sum(cluster_leaves.areas) as areas,
        sum(
            leaf_means_long.mean * cluster_leaves.areas order by cluster_leaves.leaf
        ) / sum(cluster_leaves.areas) as mean,
        sum(
            leaf_squares_long.mean_square * cluster_leaves.areas
            order by cluster_leaves.leaf
        ) / sum(cluster_leaves.areas) as mean_square
    from cluster_leaves
    inner join leaf_means_long on cluster_leaves.leaf = leaf_means_long.leaf
    inner join leaf_squares_long
        on
            leaf_means_long.leaf = leaf_squares_long.leaf
            and leaf_means_long.variable = leaf_squares_long.variable
    group by cluster_leaves.cluster, leaf_means_long.variable
),

overall_means as (
    select
        variable,
        sum(mean * areas order by cluster) / sum(areas) as mean
    from cluster_means
    where parent_cluster(cluster) is null
    group by variable
),

compared as (
    select
        cluster_means.cluster,
        parent_cluster(cluster_means.cluster) as parent,
        cluster_means.variable,
        cluster_means.areas,
        cluster_means.mean as cluster_mean,
        mean_error(cluster_means.mean, cluster_means.mean_square, cluster_means.areas)
            as error_of_mean,
        coalesce(parent_means.mean, overall_means.mean) as parent_mean,
        overall_means.mean as overall_mean,
        100 * cluster_means.mean / nullif(overall_means.mean, 0) as index_score,
        100 * cluster_means.mean
        / nullif(coalesce(parent_means.mean, overall_means.mean), 0)
            as index_score_in_parent
    from cluster_means
    inner join overall_means on cluster_means.variable = overall_means.variable
    left join cluster_means as parent_means
        on
            cluster_means.variable = parent_means.variable
            and parent_cluster(cluster_means.cluster) = parent_means.cluster
),

measured as (
    select
        *,
        100 * error_of_mean / nullif(overall_mean, 0) as standard_error,
        100 * error_of_mean / nullif(parent_mean, 0) as standard_error_in_parent
    from compared
),

named as (
    select
        hierarchy_clusters.level,
        compared.cluster,
        compared.parent,
        compared.variable,
        coalesce(variable_lookup.variable_name, compared.variable) as variable_name,
        variable_lookup.domain,
        compared.cluster_mean,
        compared.parent_mean,
        compared.overall_mean,
        compared.areas,
        compared.index_score,
        compared.standard_error,
        index_band(compared.index_score) as band,
        is_clear_score(compared.index_score, compared.standard_error) as is_clear,
        compared.index_score_in_parent,
        compared.standard_error_in_parent,
        index_band(compared.index_score_in_parent) as band_in_parent,
        is_clear_score(
            compared.index_score_in_parent, compared.standard_error_in_parent
        ) as is_clear_in_parent
    from measured as compared
    inner join hierarchy_clusters
        on compared.cluster = hierarchy_clusters.cluster
    left join variable_lookup
        on compared.variable = variable_lookup.variable
)

select * from named
