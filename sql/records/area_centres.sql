-- One row: one area of the region and the mean grid reference of its postcodes in use,
-- or a point inside its boundary where it has none.
with centres as (
    select
        area,
        exact_avg(x) as x,
        exact_avg(y) as y
    from directory
    where area is not null and x is not null and not is_terminated
    group by area
),

areas as (
    select
        region_areas.area,
        coalesce(centres.x, area_points.x) as x,
        coalesce(centres.y, area_points.y) as y
    from region_areas
    left join centres on region_areas.area = centres.area
    left join area_points on region_areas.area = area_points.area
    where getvariable('within_km') > 0
),

counted as (
    select
        *,
        count(x) over () as with_centre
    from areas
),

checked as (
    select * exclude (with_centre)
    from counted
    where
        case
            when with_centre = 0
                then error(
                    'within_km needs to know where areas lie: name a postcode '
                    || 'directory with grid references (directory_file_name) or '
                    || 'boundaries (boundaries_file_name).'
                )
            else true
        end
)

select * from checked
