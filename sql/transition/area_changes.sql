-- One row: one area before and one after that shares ground with it.
with source as (
    select
        before as area_before,
        after as area,
        weight::double as weight
    from read_csv(
        getvariable('changes_file'),
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
)

select * from source
