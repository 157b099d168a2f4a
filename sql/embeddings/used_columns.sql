-- One row: one column of the socio-economic file that is used, and what for.
with wanted as (
    select
        unnest(
            list_concat([getvariable('target')], getvariable('predictors'))
        ) as column_name,
        unnest(
            list_concat(
                ['target'],
                list_transform(getvariable('predictors'), lambda p: 'predictor')
            )
        ) as role,
        unnest(range(len(getvariable('predictors')) + 1)) as place
),

named as (
    select
        own_name(column_name) as variable,
        column_name,
        role,
        place
    from wanted
)

select * from named
