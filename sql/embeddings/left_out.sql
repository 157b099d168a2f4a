-- One row: one area that a part of the job has to go without, and the reason.
with without_embedding as (
    select
        areas.area,
        'an embedding dimension has no value: not classified' as reason
    from areas
    anti join embeddings on areas.area = embeddings.area
),

without_place as (
    select
        area,
        'empty boundary: not on the maps' as reason
    from areas
    where is_empty
),

without_socioeconomic_row as (
    select
        areas.area,
        'no socio-economic row: not in the forests' as reason
    from areas
    anti join socioeconomic on areas.area = socioeconomic.area
),

without_socioeconomic_value as (
    select
        embeddings.area,
        'a socio-economic value is missing: not in the forests' as reason
    from embeddings
    semi join socioeconomic on embeddings.area = socioeconomic.area
    anti join forest_inputs on embeddings.area = forest_inputs.area
),

reasons as (
    select * from without_embedding
    union all
    select * from without_place
    union all
    select * from without_socioeconomic_row
    union all
    select * from without_socioeconomic_value
)

select * from reasons
