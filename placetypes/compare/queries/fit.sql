-- One row: one area and its fit: 1 at its class's centre, 0 half-way to the next one.
with means as (
    select
        classes.class,
        avg(columns(space.* exclude (area)))
    from space
    inner join classes on space.area = classes.area
    group by classes.class
),

centres as (
    select
        class,
        [*columns(* exclude (class))] as centre
    from means
),

positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from space
    where area in getvariable('asked_areas')
),

distances as (
    select
        positions.area,
        centres.class = classes.class as is_own,
        list_distance(positions.position, centres.centre) as distance
    from positions
    inner join classes on positions.area = classes.area
    cross join centres
),

nearest as (
    select
        area,
        any_value(distance) filter (where is_own) as own,
        min(distance) filter (where not is_own) as other
    from distances
    group by area
),

fits as (
    select
        area,
        (other - own) / nullif(greatest(own, other), 0) as fit
    from nearest
)

select * from fits
