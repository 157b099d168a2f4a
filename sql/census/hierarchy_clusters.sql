-- One row: one cluster of one level of the hierarchy, its size and how it was split.
with long as (
    unpivot hierarchy
    on columns(* exclude (area, deepest_cluster)) into name level_name value cluster
),

members as (
    select
        regexp_extract(long.level_name, '[0-9]+')::integer as level,
        long.cluster,
        parent_cluster(long.cluster) as parent,
        population.population
    from long
    left join population on long.area = population.area
),

totals as (
    select
        level,
        cluster,
        parent,
        count(*) as areas,
        exact_sum(population) as population,
        count(*) filter (where population is null) as areas_without_population
    from members
    group by level, cluster, parent
),

shares as (
    select
        level,
        cluster,
        parent,
        areas,
        100 * areas / sum(areas) over (partition by level) as share_of_areas,
        100 * areas / sum(areas) over (partition by level, parent) as share_of_parent,
        population,
        100 * population / sum(population::decimal(38, 15)) over (partition by level)
            as share_of_population,
        areas_without_population
    from totals
),

judged as (
    select
        shares.*,
        hierarchy_splits.clusters_wanted,
        hierarchy_splits.clusters_made,
        hierarchy_splits.why_whole is not null as stays_whole,
        hierarchy_splits.why_whole
    from shares
    left join hierarchy_splits on shares.cluster = hierarchy_splits.cluster
)

select * from judged
