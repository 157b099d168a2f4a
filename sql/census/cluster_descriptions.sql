-- One row: one cluster with its name, size and pen portrait, as one hands it on.
with sizes as (
    select
        'supergroup' as level,
        supergroup as cluster,
        areas,
        share_of_areas,
        population,
        share_of_population
    from census.cluster_summary
    union all
    select
        'subgroup' as level,
        subgroup as cluster,
        areas,
        share_of_areas,
        population,
        share_of_population
    from census.subgroup_summary
),

described as (
    select
        cluster_names.level,
        cluster_names.supergroup,
        cluster_names.cluster,
        cluster_names.name,
        cluster_names.portrait,
        sizes.* exclude (level, cluster),
        cluster_names.source,
        cluster_names.status
    from census.cluster_names
    inner join sizes
        on
            cluster_names.level = sizes.level
            and cluster_names.cluster = sizes.cluster
)

select * from described
