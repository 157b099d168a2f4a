-- One row: one cluster of one level and one variable, its mean against the region's.
with published_members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        region_variables.* exclude (area)
    from region_variables
    inner join cluster_members on region_variables.area = cluster_members.area
),

scaled_members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        scaled_variables.* exclude (area)
    from scaled_variables
    inner join cluster_members on scaled_variables.area = cluster_members.area
),

-- The grouping set (level) adds one row for all areas, whose cluster is null.
published_means as (
    select
        level,
        cluster,
        exact_avg(columns(* exclude (level, cluster)))
    from published_members
    group by grouping sets ((level, cluster), (level))
),

scaled_means as (
    select
        level,
        cluster,
        exact_avg(columns(* exclude (level, cluster)))
    from scaled_members
    group by grouping sets ((level, cluster), (level))
),

published_long as (
    unpivot published_means
    on columns(* exclude (level, cluster)) into name variable value mean
),

scaled_long as (
    unpivot scaled_means
    on columns(* exclude (level, cluster)) into name variable value mean
),

compared as (
    select
        published.level,
        published.cluster,
        published.variable,
        published.mean as cluster_mean,
        overall.mean as overall_mean,
        100 * published.mean / nullif(overall.mean, 0) as index_score,
        100 * scaled.mean / nullif(scaled_overall.mean, 0) as index_score_scaled
    from published_long as published
    inner join published_long as overall
        on
            published.level = overall.level
            and published.variable = overall.variable
            and overall.cluster is null
    inner join scaled_long as scaled
        on
            published.level = scaled.level
            and published.cluster = scaled.cluster
            and published.variable = scaled.variable
    inner join scaled_long as scaled_overall
        on
            published.level = scaled_overall.level
            and published.variable = scaled_overall.variable
            and scaled_overall.cluster is null
),

named as (
    select
        compared.level,
        compared.cluster,
        compared.variable,
        coalesce(variable_lookup.variable_name, compared.variable) as variable_name,
        variable_lookup.domain,
        compared.cluster_mean,
        compared.overall_mean,
        compared.index_score,
        compared.index_score_scaled,
        index_band(compared.index_score) as band
    from compared
    left join variable_lookup
        on compared.variable = variable_lookup.variable
)

select * from named
