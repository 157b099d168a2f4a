-- One row: one area of the lookup file with its district code; empty without the file.
with source as (
    select * from read_csv(
        getvariable('area_lookup_file'),
        delim = ',',
        quote = '"',
        escape = '"',
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
),

renamed as (
    select
        oa as area,
        lad22cd as district
    from source
)

select * from renamed
