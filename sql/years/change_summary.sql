-- One row: one cluster of change, its areas and the dimensions that moved most.
with moved as (
    select
        change_clusters.change_cluster,
        dimensions.column_name,
        exact_avg(changed_vectors.movement[dimensions.place]) as movement
    from change_clusters
    inner join changed_vectors on change_clusters.area = changed_vectors.area
    cross join dimensions
    group by change_clusters.change_cluster, dimensions.column_name
),

most as (
    select
        change_cluster,
        array_to_string(
            list(
                column_name || format(' {:+.2f}', movement)
                order by abs(movement) desc, column_name
            )[:5],
            ', '
        ) as moved_most
    from moved
    group by change_cluster
),

counted as (
    select
        change_clusters.change_cluster,
        count(*) as areas,
        exact_avg(year_angles.angle) as mean_angle,
        exact_avg(year_angles.mix_before) as mean_mix_before,
        exact_avg(year_angles.mix) as mean_mix
    from change_clusters
    inner join year_angles on change_clusters.area = year_angles.area
    group by change_clusters.change_cluster
),

summed_up as (
    select
        counted.*,
        most.moved_most
    from counted
    inner join most on counted.change_cluster = most.change_cluster
)

select * from summed_up
