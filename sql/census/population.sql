-- One row: one area of the population file, with its usual residents.
with source as (
    select * from read_csv(
        getvariable('population_file'),
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
        nullif(trim(uk001001), '')::double as population
    from source
)

select * from renamed
