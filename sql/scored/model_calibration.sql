-- One row: one point of a level's curve from an area's margin to its probability.
with model as (
    select unnest(calibration) as entry
    from read_json(
        getvariable('model_file'),
        hive_partitioning = false,
        maximum_object_size = 268435456,
        columns = {
            calibration: 'struct(
                level integer, margin double, probability double
            )[]'
        }
    )
),

points as (
    select
        entry.level,
        entry.margin,
        entry.probability
    from model
)

select * from points
