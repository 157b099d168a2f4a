-- One row: one classified area with all that is known of it.
with classified as (
    select
        clusters.area,
        described.area_name,
        clusters.cluster,
        cluster_names.name as cluster_name,

        -- place on the map of likeness
        umap.umap_x,
        umap.umap_y,

        -- length of its mean embedding
        mixes.mix,

        -- target, predictors and mapped variables
        described.* exclude (area, area_name),

        -- place
        areas.geometry
    from clusters
    inner join described on clusters.area = described.area
    inner join areas on clusters.area = areas.area
    inner join mixes on clusters.area = mixes.area
    left join cluster_names on clusters.cluster = cluster_names.cluster
    left join umap on clusters.area = umap.area
)

select * from classified
