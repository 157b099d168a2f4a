-- One row: the areas of one cluster before and one after.
with counted as (
    select
        placements.cluster_before,
        placements.cluster,
        count(*) as areas,
        count(*) filter (where changes.has_changed) as changed_areas
    from placements
    inner join changes on placements.area = changes.area
    group by placements.cluster_before, placements.cluster
),

shares as (
    select
        *,
        100.0 * areas / sum(areas) over (partition by cluster_before)
            as share_of_before
    from counted
)

select * from shares
