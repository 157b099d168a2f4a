-- One row: one subgroup, its areas and residents and their shares of the region.
with members as (
    select
        subgroups.supergroup,
        subgroups.subgroup,
        population.population
    from subgroups
    left join population on subgroups.area = population.area
),

totals as (
    select
        supergroup,
        subgroup,
        count(*) as areas,
        sum(population) as population,
        count(*) filter (where population is null) as areas_without_population
    from members
    group by supergroup, subgroup
),

shares as (
    select
        supergroup,
        subgroup,
        areas,
        100 * areas / sum(areas) over () as share_of_areas,
        100 * areas / sum(areas) over (partition by supergroup) as share_of_supergroup,
        population,
        100 * population / sum(population) over () as share_of_population,
        areas_without_population
    from totals
),

named as (
    select
        shares.supergroup,
        shares.subgroup,
        cluster_names.name,
        shares.* exclude (supergroup, subgroup)
    from shares
    left join cluster_names
        on
            cluster_names.level = 'subgroup'
            and shares.subgroup = cluster_names.cluster
)

select * from named
