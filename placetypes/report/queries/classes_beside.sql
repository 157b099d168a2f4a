-- One row: one area, and the class that most of the other job's areas in it have, or
-- that of the one around it where it holds the middle of none.
with own_points as (
    select
        area,
        st_pointonsurface(geometry) as point
    from own_areas
),

other_points as (
    select
        class,
        st_pointonsurface(geometry) as point
    from other_areas
),

within as (
    select
        own_areas.area,
        other_points.class,
        count(*) as areas
    from own_areas
    inner join other_points on st_intersects(own_areas.geometry, other_points.point)
    group by own_areas.area, other_points.class
),

around as (
    select
        own_points.area,
        min(other_areas.class) as class
    from own_points
    inner join other_areas on st_intersects(other_areas.geometry, own_points.point)
    group by own_points.area
),

commonest as (
    select
        area,
        arg_min(class, (-areas, class)) as class
    from within
    group by area
),

classes as (
    select
        own_points.area,
        coalesce(commonest.class, around.class) as class
    from own_points
    left join commonest on own_points.area = commonest.area
    left join around on own_points.area = around.area
    where commonest.class is not null or around.class is not null
)

select * from classes
