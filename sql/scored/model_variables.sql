-- One row: one variable of the model, how it is scaled and how much it weighs.
with listed as (
    select
        unnest(variables) as entry,
        generate_subscripts(variables, 1) as position
    from model_document
),

entries as (
    select
        listed.position,
        entry.variable,
        coalesce(entry.name, entry.variable) as variable_name,
        entry.domain,
        entry.transform,
        entry.minimum,
        entry.maximum,
        coalesce(entry.weight, 1) as weight
    from listed
)

select * from entries
