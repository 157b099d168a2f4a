-- One row: one variable of the model, how it is scaled and how much it weighs.
with model as (
    select
        schema as version,
        unnest(variables) as entry,
        generate_subscripts(variables, 1) as position
    from read_json(
        getvariable('model_file'),
        maximum_object_size = 268435456,
        columns = {
            'schema': 'varchar',
            variables: 'struct(
                variable varchar, name varchar, domain varchar, transform varchar,
                minimum double, maximum double, weight double
            )[]'
        }
    )
),

checked as (
    select
        model.position,
        model.entry
    from model
    where
        case
            when model.version is distinct from 'placetypes-model/1'
                then error(
                    'The model is of the version ' || coalesce(model.version, '(none)')
                    || '; known is placetypes-model/1. Export it again.'
                )
            when model.entry.transform not in ('arcsinh', 'none')
                then error(
                    'The model scales '
                    || model.entry.variable
                    || ' by '
                    || model.entry.transform
                    || '; known are arcsinh and none.'
                )
            when model.entry.maximum < model.entry.minimum or model.entry.weight < 0
                then error(
                    'The model gives ' || model.entry.variable
                    || ' no valid range or weight.'
                )
            else true
        end
),

entries as (
    select
        checked.position,
        entry.variable,
        coalesce(entry.name, entry.variable) as variable_name,
        entry.domain,
        entry.transform,
        entry.minimum,
        entry.maximum,
        coalesce(entry.weight, 1) as weight
    from checked
)

select * from entries
