-- One row: one variable that the census data lacks for a country, and why.
with countries as (
    select distinct country from topic_tables
),

variables as (
    select distinct variable from definitions
    where kind <> 'count'
),

undefined as (
    select
        variables.variable,
        countries.country,
        'not defined for ' || countries.country as reason
    from variables
    cross join countries
    anti join definitions
        on
            variables.variable = definitions.variable
            and countries.country = definitions.country
),

missing as (
    select * from absent_variables
    union all
    select * from undefined
),

others as (
    select
        variable,
        string_agg(country, ', ' order by country) as lacking
    from missing
    group by variable
),

-- With variables=common, what one country lacks is left out for all.
left_out_for_others as (
    select
        definitions.variable,
        definitions.country,
        'left out because ' || others.lacking || ' lacks it' as reason
    from definitions
    inner join countries on definitions.country = countries.country
    inner join others on definitions.variable = others.variable
    anti join missing
        on
            definitions.variable = missing.variable
            and definitions.country = missing.country
    where getvariable('variables') = 'common' and definitions.kind <> 'count'
),

all_missing as (
    select * from missing
    union all
    select * from left_out_for_others
)

select * from all_missing
