-- One row: one class of the model on one of its levels, with its centroid.
with model as (
    select unnest(classes) as entry
    from read_json(
        getvariable('model_file'),
        hive_partitioning = false,
        maximum_object_size = 268435456,
        columns = {
            classes: 'struct(
                level integer, level_name varchar, class varchar, parent varchar,
                name varchar, areas bigint, centroid double[]
            )[]'
        }
    )
),

classes as (
    select
        entry.level,
        entry.level_name,
        entry.class,
        entry.parent,
        entry.name as class_name,
        entry.areas,
        entry.centroid
    from model
)

select * from classes
where
    case
        when len(centroid) <> (select count(*) from model_variables)
            then error(
                'The model''s class ' || class || ' has ' || len(centroid)
                || ' values for ' || (select count(*) from model_variables)
                || ' variables; export the model again.'
            )
        else true
    end
