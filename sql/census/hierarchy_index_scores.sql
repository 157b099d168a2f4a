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
        ) / sum(cluster_leaves.areas) as mean
    from cluster_leaves
    inner join leaf_means_long on cluster_leaves.leaf = leaf_means_long.leaf
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
        cluster_means.mean as cluster_mean,
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
        compared.index_score,
        index_band(compared.index_score) as band,
        compared.index_score_in_parent,
        index_band(compared.index_score_in_parent) as band_in_parent
    from compared
    inner join hierarchy_clusters
        on compared.cluster = hierarchy_clusters.cluster
    left join variable_lookup
        on compared.variable = variable_lookup.variable
)

select * from named
