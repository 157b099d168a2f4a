-- One row: one cluster of one level, its areas and residents and their shares.
with totals as (
    select
        level,
        nullif(family, cluster) as parent,
        cluster,
        count(*) as areas,
        exact_sum(population) as population,
        count(population) as areas_with_population,
        count(*) filter (where population is null) as areas_without_population,
        count(*) filter (where region_areas.is_inside) as areas_inside,
        exact_sum(case when region_areas.is_inside then population end)
            as population_inside
    from cluster_members
    inner join region_areas on cluster_members.area = region_areas.area
    group by level, family, cluster
),

shares as (
    select
        level,
        parent,
        cluster,
        areas,
        100 * areas / sum(areas) over (partition by level) as share_of_areas,
        100 * areas / sum(areas) over (partition by level, parent) as share_of_parent,
        population,
        100 * population / sum(population::decimal(38, 15)) over (partition by level)
            as share_of_population,
        areas_with_population,
        areas_without_population,
        areas_inside,
        population_inside
    from totals
),

named as (
    select
        shares.level,
        shares.parent,
        shares.cluster,
        cluster_names.name,
        shares.* exclude (level, parent, cluster)
    from shares
    left join cluster_names
        on
            shares.level = cluster_names.level
            and shares.cluster = cluster_names.cluster
)

select * from named
