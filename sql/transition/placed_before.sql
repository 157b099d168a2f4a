-- One row: one area of the earlier scoring.
with source as (
    select * from read_parquet(getvariable('before_file'))
)

select * from source
