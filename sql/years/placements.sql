-- One row: one area of both years and the frozen cluster that each year is nearest to.
with scored as (
    select
        year_angles.area,
        arg_max(
            frozen_clusters.cluster,
            list_inner_product(
                year_angles.direction_before, frozen_clusters.centroid
            )
        ) as cluster_before,
        arg_max(
            frozen_clusters.cluster,
            list_inner_product(year_angles.direction, frozen_clusters.centroid)
        ) as cluster
    from year_angles
    cross join frozen_clusters
    group by year_angles.area
)

select * from scored
