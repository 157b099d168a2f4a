-- One row: one variable of the word list, its unit and what it is an alternative in.
with source as (
    select * from read_csv(
        getvariable('variable_families_file'),
        delim = ',', quote = '"', header = true, all_varchar = true
    )
),

families as (
    select
        lower(trim(variable)) as variable,
        nullif(trim(family), '') as family,
        trim(unit) as unit
    from source
)

select * from families
