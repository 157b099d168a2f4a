-- One row: one age group of a standardised ratio and the rate to hold it against.
with source as (
    select * from read_csv(
        getvariable('standard_rates_file'),
        delim = ',',
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
),

renamed as (
    select
        trim(variable) as variable,
        trim(country) as country,
        trim(age_group) as age_group,
        lower(trim("table")) as table_name,  -- noqa: RF06
        list_transform(string_split(cells, '|'), lambda cell: trim(cell)) as cells,
        nullif(trim(rate), '')::double as rate
    from source
)

select * from renamed
