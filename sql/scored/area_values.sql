-- One row: one area to score, with the variables of the model that its file has.
with source as (
    select * from query_table(getvariable('areas_file'))
),

named as (
    select
        columns(
            lambda c: c = getvariable('area_column')
            or c in getvariable('model_variable_codes')
        )
    from source
),

found as (
    select
        columns(lambda c: c = getvariable('area_column'))::varchar as area,
        nullif(columns(lambda c: c <> getvariable('area_column'))::double, 'nan')
    from named
)

select * from found
