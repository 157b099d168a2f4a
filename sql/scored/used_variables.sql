-- One row: one variable of the model that the areas have; distances are made of these.
with first_area as (
    select * from area_values
    order by area
    limit 1
),

found as (
    select
        unnest(json_keys(to_json(first_area))) as variable,
        generate_subscripts(json_keys(to_json(first_area)), 1) as place
    from first_area
),

gaps as (
    select
        string_agg(model_variables.variable, ', ' order by model_variables.position)
        filter (where found.variable is null) as names,
        count(*) filter (where found.variable is null) as missing,
        count(*) as wanted
    from model_variables
    left join found on model_variables.variable = found.variable
),

used as (
    select
        row_number() over (order by found.place) as place,
        model_variables.*
    from found
    inner join model_variables on found.variable = model_variables.variable
    cross join gaps
    where
        case
            when gaps.missing > 0 and getvariable('missing_variables') = 'refuse'
                then error(
                    'The areas lack ' || gaps.missing || ' of the model''s '
                    || gaps.wanted || ' variables: ' || gaps.names
                    || '. Add them, or set missing_variables=leave_out to measure '
                    || 'distances without them.'
                )
            else true
        end
)

select * from used
