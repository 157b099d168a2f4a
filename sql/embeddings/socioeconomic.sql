-- One row: one area of the socio-economic file with target and predictors.
with chosen as (
    select
        record_id as record_area,
        columns(
            lambda c: c = getvariable('target') or c in getvariable('predictors')
        )
    from socioeconomic_records
),

long as (
    select * from chosen
    unpivot include nulls (
        found for column_name in (columns(* exclude (record_area)))
    )
),

numbers as (
    select
        record_area as area,
        own_name(column_name) as variable,
        figure_of(
            found, record_area, column_name, getvariable('missing_codes')
        ) as value
    from long
),

wide as (
    pivot numbers
    on variable using first(value)
    group by area
)

select * from wide
