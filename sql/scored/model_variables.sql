-- One row: one variable of the model, how it is scaled and how much it weighs.
with model as (
    select
        schema as version,
        variables
    from read_json(
        getvariable('model_file'),
        hive_partitioning = false,
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

known as (
    select variables
    from model
    where
        case
            when version is distinct from 'placetypes-model/1'
                then error(
                    'The model is of the version ' || coalesce(version, '(none)')
                    || '; known is placetypes-model/1. Export it again.'
                )
            when coalesce(len(variables), 0) = 0
                then error('The model holds no variables. Export it again.')
            else true
        end
),

listed as (
    select
        unnest(variables) as entry,
        generate_subscripts(variables, 1) as position
    from known
),

checked as (
    select
        listed.position,
        listed.entry
    from listed
    where
        case
            when listed.entry.transform not in ('arcsinh', 'none')
                then error(
                    'The model scales '
                    || listed.entry.variable
                    || ' by '
                    || listed.entry.transform
                    || '; known are arcsinh and none.'
                )
            when listed.entry.maximum < listed.entry.minimum or listed.entry.weight < 0
                then error(
                    'The model gives ' || listed.entry.variable
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
