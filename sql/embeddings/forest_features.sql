-- One row: one area with all that forests predict from, whether it has a target or not.
with predictors as (
    select
        columns(
            lambda c: c = 'area'
            or (
                c in getvariable('used_columns')
                and c <> own_name(getvariable('target'))
            )
        )
    from joined
    where
        columns(
            lambda c: c = 'area'
            or (
                c in getvariable('used_columns')
                and c <> own_name(getvariable('target'))
            )
        ) is not null
),

with_embedding as (
    select
        predictors.*,
        embeddings.* exclude (area)
    from predictors
    inner join embeddings on predictors.area = embeddings.area
)

select * from with_embedding
