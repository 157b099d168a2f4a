-- One row: one cluster and the mean of each embedding dimension over its areas.
with members as (
    select
        clusters.cluster,
        cluster_inputs.* exclude (area)
    from cluster_inputs
    inner join clusters on cluster_inputs.area = clusters.area
),

centroids as (
    select
        cluster,
        exact_avg(columns(* exclude (cluster)))
    from members
    group by cluster
)

select * from centroids
