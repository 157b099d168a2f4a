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

-- The code, and beside it a denominator where the file has a column of that name.
listed as (
    select
        *,
        [*columns(lambda c: lower(trim(c)) in ('no.', 'denominator'))] as found
    from source
),

renamed as (
    select
        "No." as variable,
        trim(variable_name) as variable_name,
        trim(domain) as domain,
        list_filter(found, lambda text: text <> "No.")[1] as denominator
    from listed
)

select * from renamed
