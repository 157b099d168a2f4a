-- One row: one variable of the census data with its name and domain.
with named as (
    select
        definitions.variable as "No.",  -- noqa: RF05
        -- noqa: disable=CP02
        arg_min(definitions.variable_name, definitions.line) as Variable_Name,
        arg_min(definitions.domain, definitions.line) as Domain
        -- noqa: enable=CP02
    from definitions
    semi join kept_variables on definitions.variable = kept_variables.variable
    group by definitions.variable
)

select * from named
