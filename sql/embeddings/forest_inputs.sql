-- One row: one area with the target, every predictor and every embedding dimension.
with complete as (
    select
        area,
        columns(* exclude (area, area_name))
    from joined
    where columns(* exclude (area, area_name)) is not null
),

with_embedding as (
    select
        complete.*,
        embeddings.* exclude (area)
    from complete
    inner join embeddings on complete.area = embeddings.area
)

select * from with_embedding
