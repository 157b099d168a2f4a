-- One row: one topic table's part in one variable: a weight for each cell that is read.
with weighted as (
    select
        definition_cells.variable,
        asked_cells.country,
        asked_cells.table_name,
        asked_cells.place,
        exact_sum(
            case
                when definition_cells.role = 'numerator'
                    then definition_cells.weight
            end
        ) as numerator,
        exact_sum(
            case
                when definition_cells.role = 'denominator'
                    then definition_cells.weight
            end
        ) as denominator
    from definition_cells
    inner join asked_cells
        on
            definition_cells.country = asked_cells.country
            and definition_cells.table_name = asked_cells.table_name
            and definition_cells.cell = asked_cells.cell
    group by all
),

variable_tables as (
    select distinct
        variable,
        country,
        table_name
    from weighted
),

-- Cells in the order in which national.cells lists them; most have no part in it.
listed as (
    select
        variable_tables.variable,
        variable_tables.country,
        variable_tables.table_name,
        list(coalesce(weighted.numerator, 0) order by asked_cells.place) as numerators,
        list(
            coalesce(weighted.denominator, 0) order by asked_cells.place
        ) as denominators
    from variable_tables
    inner join asked_cells
        on
            variable_tables.country = asked_cells.country
            and variable_tables.table_name = asked_cells.table_name
    left join weighted
        on
            variable_tables.variable = weighted.variable
            and asked_cells.country = weighted.country
            and asked_cells.table_name = weighted.table_name
            and asked_cells.place = weighted.place
    group by all
)

select * from listed
