-- One row: one cell of a topic table that a definition asks for.
with asked as (
    select
        definition_cells.country,
        definition_cells.table_name,
        definition_cells.cell,
        min(definitions.census_year) as census_year,
        string_agg(
            distinct definition_cells.variable, ', '
            order by definition_cells.variable
        ) as variables
    from definition_cells
    inner join definitions
        on
            definition_cells.variable = definitions.variable
            and definition_cells.country = definitions.country
    where
        len(getvariable('countries')) = 0
        or definition_cells.country in getvariable('countries')
    group by all
),

numbered as (
    select
        *,
        row_number() over (partition by country, table_name order by cell) as place
    from asked
)

select * from numbered
