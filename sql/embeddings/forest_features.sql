-- One row: one area with all that forests predict from, whether it has a target or not.
with predictors as (
    select
        area,
        -- There is always one column, which the next step drops.
        columns(
            lambda c: c = 'area_name'
            or (
                c in getvariable('used_columns')
                and c <> own_name(getvariable('target'))
            )
        )
    from joined
),

complete as (
    select
        predictors.* exclude (area_name),
        embeddings.* exclude (area)
    from predictors
    inner join embeddings on predictors.area = embeddings.area
)

select * from complete
where columns(*) is not null
