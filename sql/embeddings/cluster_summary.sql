-- One row: one cluster, its areas, their share of all and their mean target.
with members as (
    select
        clusters.cluster,
        columns(lambda c: c = own_name(getvariable('target'))) as target
    from clusters
    inner join joined on clusters.area = joined.area
),

totals as (
    select
        cluster,
        count(*) as areas,
        exact_avg(target) as target_mean,
        count(*) filter (where target is null) as areas_without_target
    from members
    group by cluster
),

shares as (
    select
        cluster,
        areas,
        100 * areas / sum(areas) over () as share_of_areas,
        target_mean,
        areas_without_target
    from totals
),

named as (
    select
        shares.cluster,
        cluster_names.name,
        shares.* exclude (cluster)
    from shares
    left join cluster_names on shares.cluster = cluster_names.cluster
)

select * from named
