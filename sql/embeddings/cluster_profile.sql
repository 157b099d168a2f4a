-- One row: one cluster and one variable, its mean against that of all areas.
with members as (
    select
        clusters.cluster,
        embeddings.*,
        described.* exclude (area, area_name)
    from clusters
    inner join embeddings on clusters.area = embeddings.area
    inner join described on clusters.area = described.area
),

-- The grouping set () adds one row for all areas, whose cluster is null.
means as (
    select
        cluster,
        exact_avg(columns(* exclude (cluster, area)))
    from members
    group by grouping sets ((cluster), ())
),

deviations as (
    select stddev_pop(columns(* exclude (cluster, area)) order by area)
    from members
),

means_long as (
    unpivot means
    on columns(* exclude (cluster)) into name variable value mean
),

deviations_long as (
    unpivot deviations
    on columns(*) into name variable value deviation
),

compared as (
    select
        means_long.cluster,
        means_long.variable,
        case
            when dimensions.dimension is null then 'socio-economic'
            else 'embedding'
        end as kind,
        means_long.mean as cluster_mean,
        overall.mean as overall_mean,
        means_long.mean - overall.mean as difference,
        (means_long.mean - overall.mean)
        / nullif(deviations_long.deviation, 0) as standardised_difference
    from means_long
    inner join means_long as overall
        on means_long.variable = overall.variable and overall.cluster is null
    inner join deviations_long on means_long.variable = deviations_long.variable
    left join dimensions
        on means_long.variable = dimensions.dimension
    where means_long.cluster is not null
)

select * from compared
