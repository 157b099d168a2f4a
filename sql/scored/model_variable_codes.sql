-- One row: one variable of the model that the areas' file has, by its code alone.
with first_area as (
    select * from query_table(getvariable('areas_file'))
    limit 1
),

found as (
    select unnest(struct_keys(first_area)) as variable
    from first_area
),

first_columns as (
    select variable from found
    limit 5
),

shared as (
    select
        list(model_variables.variable order by model_variables.variable)
        filter (where found.variable is not null) as codes,
        count(*) as wanted,
        min(model_variables.variable) as example
    from model_variables
    left join found on model_variables.variable = found.variable
),

listed as (
    select unnest(codes) as variable
    from shared
    where
        case
            when codes is null
                then error(
                    parse_filename(getvariable('areas_file'))
                    || ' has none of the model''s ' || wanted || ' variables ('
                    || example || ' …) among its columns ('
                    || (select string_agg(variable, ', ') from first_columns)
                    || ' …); name its columns as the model does (docs/model.md).'
                )
            else true
        end
)

select * from listed
order by variable
