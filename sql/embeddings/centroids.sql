-- One row: one area and its centroid, east and north in the same unit.
with points as (
    select
        area,
        st_x(st_centroid(geometry)) as x,
        st_y(st_centroid(geometry)) as y
    from areas
    where not is_empty
),

extent as (
    select
        -- Coordinates as small as this are degrees, not metres or feet.
        max(abs(x)) <= 180 and max(abs(y)) <= 90 as in_degrees,
        -- In order: a sum in another one would have other last digits.
        avg(y order by area) as middle
    from points
),

-- A degree of longitude is shorter than one of latitude by the cosine of the latitude.
comparable as (
    select
        points.area,
        points.x
        * case when extent.in_degrees then cos(radians(extent.middle)) else 1 end as x,
        points.y
    from points
    cross join extent
)

select * from comparable
