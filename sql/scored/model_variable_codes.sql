-- One row: one variable of the model that the areas' file has, by its code alone.
with columns_of_areas as (
    select struct_keys(any_value(areas)) as names
    from query_table(getvariable('areas_file')) as areas
),

shared as (
    select
        columns_of_areas.names,
        list(model_variables.variable)
        filter (where list_contains(columns_of_areas.names, model_variables.variable))
            as codes,
        count(*) as wanted,
        min(model_variables.variable) as example
    from columns_of_areas
    cross join model_variables
    group by columns_of_areas.names
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
                    || array_to_string(names[:5], ', ')
                    || ' …); name its columns as the model does (docs/model.md).'
                )
            else true
        end
)

select * from listed
order by variable
