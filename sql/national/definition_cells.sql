-- One row: one cell as a variable's definition uses it.
with numerators as (
    select
        variable,
        country,
        table_name,
        unnest(numerator_cells) as cell,
        'numerator' as role,
        1::double as weight
    from definitions
),

denominators as (
    select
        variable,
        country,
        table_name,
        denominator_cell as cell,
        'denominator' as role,
        1::double as weight
    from definitions
    where denominator_cell <> 'square kilometres'
),

-- What a standardised ratio is held against: residents, each age group at its rate.
expected as (
    select
        standard_rates.variable,
        standard_rates.country,
        standard_rates.table_name,
        unnest(standard_rates.cells) as cell,
        'denominator' as role,
        standard_rates.rate as weight
    from standard_rates
    inner join definitions
        on
            standard_rates.variable = definitions.variable
            and standard_rates.country = definitions.country
    where definitions.kind = 'standardised ratio'
),

all_cells as (
    select * from numerators
    union all
    select * from denominators
    union all
    select * from expected
    where
        (variable, country) not in (
            select
                standard_rates.variable,
                standard_rates.country
            from standard_rates
            where standard_rates.rate is null
        )
)

select * from all_cells
