-- One row: one area and the district in which a point on its surface lies.
with points as (
    select
        area,
        st_pointonsurface(geometry) as interior_point
    from areas
    where not is_empty
),

located as (
    select
        points.area,
        -- A point on a shared border lies in two districts: take the first code.
        min(districts.district) as district
    from points
    inner join districts
        on st_intersects(points.interior_point, districts.geometry)
    group by points.area
)

select * from located
