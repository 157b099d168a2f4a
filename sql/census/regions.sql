-- One row: one district code of one region, as regions.csv lists them.
with source as (
    select * from read_csv(
        getvariable('regions_file'),
        delim = ',',
        quote = '"',
        escape = '"',
        header = true,
        all_varchar = true,
        hive_partitioning = false,
        strict_mode = false  -- edited by hand, so line ends may be mixed
    )
),

renamed as (
    select distinct
        trim(region) as region,
        trim(district) as district
    from source
)

select * from renamed
