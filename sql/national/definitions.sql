-- One row: one variable as one country's tables give it.
with source as (
    select
        *,
        row_number() over () as line
    from read_csv(
        getvariable('definitions_file'),
        delim = ',',
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
),

renamed as (
    select
        line,
        trim(variable) as variable,
        trim(name) as variable_name,
        coalesce(trim(domain), '') as domain,
        nullif(trim(family), '') as family,
        trim(country) as country,
        lower(trim("table")) as table_name,  -- noqa: RF06
        list_transform(
            string_split(numerator_cells, '|'), lambda cell: trim(cell)
        ) as numerator_cells,
        nullif(trim(denominator_cell), '') as denominator_cell,
        nullif(trim(universe), '') as universe,
        lower(trim(kind)) as kind,
        trim(source) as source,
        regexp_extract(source, '[0-9]{4}') as census_year,
        coalesce(note, '') as note
    from source
),

-- A word that isn't known would leave a variable out without a sentence.
checked as (
    select
        * exclude (kind),
        case
            when kind = 'share' and denominator_cell is null
                then error(format(
                    'variable_definitions.csv: {} in {} is a share of nothing; name '
                    || 'its denominator_cell.', variable, country
                ))
            when kind in ('share', 'rate', 'standardised ratio', 'count') then kind
            else error(format(
                'variable_definitions.csv: {} in {} is of kind "{}"; known are share, '
                || 'rate, standardised ratio and count.', variable, country, kind
            ))
        end as kind
    from renamed
)

select * from checked
