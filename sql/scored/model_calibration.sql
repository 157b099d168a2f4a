-- One row: one point of a level's curve from an area's margin to its probability.
with listed as (
    select unnest(calibration) as entry
    from model_document
),

points as (
    select
        entry.level,
        entry.margin,
        entry.probability
    from listed
)

select * from points
