-- One row: one area with its classes on all levels and its place in the model's space.
with classes as (
    select
        area,
        list(class order by level) as classes,
        max(probability) filter (where level = 1) as probability
    from scores
    group by area
),

names as (
    select string_agg(variable, ', ' order by place) as variables
    from used_variables
),

placements as (
    select
        positions.area,
        classes.classes,
        classes.probability,
        names.variables,
        positions.position,
        positions.is_known
    from positions
    inner join classes on positions.area = classes.area
    cross join names
)

select * from placements
