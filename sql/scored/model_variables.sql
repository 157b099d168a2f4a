-- One row: one variable of the model, how it is scaled and how much it weighs.
with model as (
    select
        unnest(variables) as entry,
        generate_subscripts(variables, 1) as position
    from read_json(
        getvariable('model_file'),
        maximum_object_size = 268435456,
        columns = {
            variables: 'struct(
                variable varchar, name varchar, domain varchar, transform varchar,
                minimum double, maximum double, weight double
            )[]'
        }
    )
),

entries as (
    select
        model.position,
        entry.variable,
        coalesce(entry.name, entry.variable) as variable_name,
        entry.domain,
        entry.transform,
        entry.minimum,
        entry.maximum,
        coalesce(entry.weight, 1) as weight
    from model
)

select * from entries
where
    case
        when transform not in ('arcsinh', 'none')
            then error(
                'The model scales ' || variable || ' by ' || transform
                || '; known are arcsinh and none.'
            )
        when maximum < minimum or weight < 0
            then error('The model gives ' || variable || ' no valid range or weight.')
        else true
    end
