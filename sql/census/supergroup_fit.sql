-- One row: one area, its distance to its own supergroup's centroid and to the next one.
with positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from cluster_inputs
),

centroids as (
    select
        supergroup,
        [*columns(* exclude (supergroup))] as centroid
    from supergroup_centroids
),

distances as (
    select
        supergroups.area,
        centroids.supergroup,
        centroids.supergroup = supergroups.supergroup as is_own,
        list_distance(positions.position, centroids.centroid) as distance
    from positions
    inner join supergroups on positions.area = supergroups.area
    cross join centroids
),

nearest as (
    select
        area,
        any_value(distance) filter (where is_own) as distance_to_own,
        arg_min(supergroup, distance) filter (where not is_own) as next_supergroup,
        min(distance) filter (where not is_own) as distance_to_next
    from distances
    group by area
),

fits as (
    select
        *,
        (distance_to_next - distance_to_own)
        / nullif(greatest(distance_to_own, distance_to_next), 0) as fit
    from nearest
)

select * from fits
