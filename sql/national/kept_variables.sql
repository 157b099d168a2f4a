-- One row: one variable of the census data: with variables=common, of every country.
with present as (
    select distinct definitions.variable
    from definitions
    semi join topic_tables on definitions.country = topic_tables.country
    anti join absent_variables
        on
            definitions.variable = absent_variables.variable
            and definitions.country = absent_variables.country
    where definitions.kind <> 'count'
),

kept as (
    select variable from present
    where
        getvariable('variables') = 'all'
        or variable not in (
            select missing_variables.variable from missing_variables
        )
)

select * from kept
