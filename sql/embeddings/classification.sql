-- One row: one classified area with all that is known of it.
with classified as (
    select
        clusters.area,
        joined.area_name,
        clusters.cluster,
        cluster_names.name as cluster_name,

        -- place on the map of likeness
        umap.umap_x,
        umap.umap_y,

        -- target, predictors and mapped variables
        joined.* exclude (area, area_name),

        -- place
        areas.geometry
    from embeddings.clusters
    inner join embeddings.joined on clusters.area = joined.area
    inner join embeddings.areas on clusters.area = areas.area
    left join embeddings.cluster_names on clusters.cluster = cluster_names.cluster
    left join embeddings.umap on clusters.area = umap.area
)

select * from classified
