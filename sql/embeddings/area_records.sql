-- One row: one record of the areas file, with its columns as they are there.
with source as (
    select * from read_parquet(getvariable('areas_path'))
),

keyed as (
    select
        columns(
            lambda c: lower(c) = lower(getvariable('id_column'))
        )::varchar as record_id,
        columns(lambda c: c = getvariable('areas_path_geometry')) as record_boundary,
        columns(lambda c: c <> getvariable('areas_path_geometry'))
    from source
)

select * from keyed
