-- One row: one area of the census file.
with source as (
    select oa as area from read_parquet(getvariable('census_file'))
)

select * from source
