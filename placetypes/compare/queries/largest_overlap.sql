-- One row: one area, and of the other classification's classes that which covers most.
with shared as (
    select
        own_areas.area,
        other_areas.class,
        sum(
            st_area(st_intersection(own_areas.geometry, other_areas.geometry))
        ) as overlap
    from own_areas
    inner join other_areas
        on st_intersects(own_areas.geometry, other_areas.geometry)
    group by own_areas.area, other_areas.class
),

ranked as (
    select
        area,
        class,
        row_number() over (partition by area order by overlap desc, class asc) as place
    from shared
    where overlap > 0
),

largest as (
    select
        area,
        class
    from ranked
    where place = 1
)

select * from largest
