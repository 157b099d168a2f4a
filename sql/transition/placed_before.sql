-- One row: one area of the earlier scoring.
with source as (
    select
        area,
        classes,
        probability,
        variables,
        position,
        is_known
    from read_parquet(getvariable('before_file'), hive_partitioning = false)
)

select * from source
