-- One row: one variable code of the lookup file, with its name and domain.
with source as (
    select * from read_csv(
        getvariable('lookup_file'),
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
        "No." as variable,
        trim(variable_name) as variable_name,
        trim(domain) as domain
    from source
)

select * from renamed
