-- One row: one cluster and the mean of each embedding dimension over its areas.
with members as (
    select
        clusters.cluster,
        embeddings.* exclude (area)
    from embeddings
    inner join clusters on embeddings.area = clusters.area
),

centroids as (
    select
        cluster,
        exact_avg(columns(* exclude (cluster)))
    from members
    group by cluster
)

select * from centroids
