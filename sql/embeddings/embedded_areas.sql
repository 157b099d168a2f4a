-- One row: one area with its name, embedding and boundary, as this job reads it.
with embedded_areas as (
    select
        embeddings.area,
        areas.area_name,
        embeddings.* exclude (area),
        areas.geometry
    from embeddings
    inner join areas on embeddings.area = areas.area
)

select * from embedded_areas
