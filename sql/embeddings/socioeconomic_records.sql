-- One row: one record of the socio-economic file, with its columns as they are there.
with source as (
    select * from read_csv(
        getvariable('socioeconomic_path'),
        delim = ',',
        quote = '"',
        escape = '"',
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
),

keyed as (
    select
        columns(
            lambda c: lower(c) = lower(getvariable('socioeconomic_id_column'))
        ) as record_id,
        columns(*)
    from source
)

select * from keyed
