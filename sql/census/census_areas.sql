-- One row: one area of the census file.
with source as (
    select oa::varchar as area
    from read_parquet(getvariable('census_file'), hive_partitioning = false)
)

select * from source
