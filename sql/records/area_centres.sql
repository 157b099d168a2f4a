-- One row: one area of the region and the mean grid reference of its postcodes in use.
with centres as (
    select
        region_areas.area,
        exact_avg(directory.x) as x,
        exact_avg(directory.y) as y
    from region_areas
    inner join directory on region_areas.area = directory.area
    where directory.x is not null and not directory.is_terminated
    group by region_areas.area
)

select * from centres
