-- One row: one of the areas nearest to their cluster's mean, with its rank.
with positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from cluster_inputs
),

centroids as (
    select
        cluster,
        [*columns(* exclude (cluster))] as centroid
    from cluster_centroids
),

distances as (
    select
        clusters.cluster,
        clusters.area,
        case
            when getvariable('embedding_metric') = 'cosine'
                then greatest(
                    0, list_cosine_distance(positions.position, centroids.centroid)
                )
            else list_distance(positions.position, centroids.centroid)
        end as distance
    from clusters
    inner join positions on clusters.area = positions.area
    inner join centroids on clusters.cluster = centroids.cluster
),

ranked as (
    select
        *,
        row_number() over (partition by cluster order by distance, area) as rank
    from distances
),

nearest as (
    select
        ranked.cluster,
        ranked.rank,
        ranked.area,
        areas.area_name,
        ranked.distance
    from ranked
    inner join areas on ranked.area = areas.area
    where ranked.rank <= getvariable('representative_areas')
)

select * from nearest
