-- One row: one supergroup, its areas and residents and their shares of the region.
with members as (
    select
        supergroups.supergroup,
        population.population
    from supergroups
    left join population on supergroups.area = population.area
),

totals as (
    select
        supergroup,
        count(*) as areas,
        sum(population) as population,
        count(*) filter (where population is null) as areas_without_population
    from members
    group by supergroup
),

shares as (
    select
        supergroup,
        areas,
        100 * areas / sum(areas) over () as share_of_areas,
        population,
        100 * population / sum(population) over () as share_of_population,
        areas_without_population
    from totals
),

named as (
    select
        shares.supergroup,
        cluster_names.name,
        shares.* exclude (supergroup)
    from shares
    left join cluster_names
        on
            cluster_names.level = 'supergroup'
            and shares.supergroup = cluster_names.cluster
)

select * from named
