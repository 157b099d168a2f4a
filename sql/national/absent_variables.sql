-- One row: one variable of one country that can't be computed, and why.
with no_table as (
    select
        terms.variable,
        terms.country,
        format(
            'table {} is not in the folder',
            string_agg(terms.table_name, ', ' order by terms.table_name)
        ) as reason
    from terms
    anti join topic_tables
        on
            terms.country = topic_tables.country
            and terms.table_name = topic_tables.table_name
    group by terms.variable, terms.country
),

no_rate as (
    select
        definitions.variable,
        definitions.country,
        'standard_rates.csv gives it no rates' as reason
    from definitions
    anti join standard_rates
        on
            definitions.variable = standard_rates.variable
            and definitions.country = standard_rates.country
            and standard_rates.rate is not null
    where definitions.kind = 'standardised ratio'
),

no_size as (
    select
        definitions.variable,
        definitions.country,
        format(
            '{:,} areas have no boundary to take their size from', count(*)
        ) as reason
    from definitions
    inner join areas on definitions.country = areas.country
    anti join area_sizes on areas.area = area_sizes.area
    where definitions.denominator_cell = 'square kilometres'
    group by definitions.variable, definitions.country
),

reasons as (
    select * from no_table
    union all
    select * from no_rate
    union all
    select * from no_size
),

-- A country without a single table was not meant.
at_hand as (
    select
        reasons.variable,
        reasons.country,
        string_agg(reasons.reason, '; ' order by reasons.reason) as reason
    from reasons
    semi join topic_tables on reasons.country = topic_tables.country
    group by reasons.variable, reasons.country
)

select * from at_hand
