-- One row: one changed area and how its direction moved beyond the mean of all areas.
with moved as (
    select
        year_angles.area,
        dimensions.place,
        dimensions.column_name,
        year_angles.direction[dimensions.place]
        - year_angles.direction_before[dimensions.place] as movement
    from year_angles
    cross join dimensions
),

beyond as (
    select
        area,
        place,
        movement - exact_avg(movement) over (partition by place) as movement
    from moved
),

gathered as (
    select
        beyond.area,
        list(beyond.movement order by beyond.place) as movement
    from beyond
    inner join changes on beyond.area = changes.area
    where changes.has_changed
    group by beyond.area
)

select * from gathered
