-- One row: one area of both years with all that is known of its change.
with known as (
    select
        changes.area,
        areas.area_name,
        -- Null where it hasn't changed; with too few for clusters, only that it has.
        coalesce(
            change_clusters.change_cluster, if(changes.has_changed, 'changed', null)
        ) as change,
        changes.* exclude (area),
        year_angles.mix_before,
        year_angles.mix,
        placements.cluster_before,
        placements.cluster,
        areas.geometry
    from changes
    inner join areas on changes.area = areas.area
    inner join year_angles on changes.area = year_angles.area
    inner join placements on changes.area = placements.area
    left join change_clusters on changes.area = change_clusters.area
)

select * from known
