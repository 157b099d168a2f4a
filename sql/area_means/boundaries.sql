-- One row: one area with its boundary, for SQL and for the step that reads tiles.
with source as (
    select * from read_parquet(getvariable('boundaries_path'))
),

keyed as (
    select
        columns(
            lambda c: lower(c) = lower(getvariable('boundary_id_column'))
        )::varchar as area,
        columns(lambda c: c = getvariable('boundaries_path_geometry')) as geometry
    from source
),

written as (
    select
        area,
        st_aswkb(geometry) as outline,
        getvariable('boundaries_path_crs') as crs,
        geometry
    from keyed
    where geometry is not null
)

select * from written
