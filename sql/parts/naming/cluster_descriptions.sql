-- One row: one cluster with its name, size and pen portrait, as one hands it on.
with sizes as (
    select
        level,
        cluster,
        count(*) as areas,
        100 * count(*) / sum(count(*)) over (partition by level) as share_of_areas,
        exact_sum(population) as population,
        100 * exact_sum(population)
        / sum(exact_sum(population)::decimal(38, 15)) over (partition by level)
            as share_of_population,
        count(population) as areas_with_population,
        count(*) filter (where is_inside) as areas_inside,
        exact_sum(case when is_inside then population end) as population_inside
    from cluster_members
    group by level, cluster
),

described as (
    select
        cluster_names.level,
        cluster_names.family,
        cluster_names.cluster,
        cluster_names.name,
        cluster_names.portrait,
        sizes.* exclude (level, cluster),
        cluster_names.source,
        cluster_names.status
    from cluster_names
    inner join sizes
        on
            cluster_names.level = sizes.level
            and cluster_names.cluster = sizes.cluster
)

select * from described
