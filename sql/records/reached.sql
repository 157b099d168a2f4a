-- One row: one class of one level and how much of it lies within reach of any record.
with near as (
    select distinct area
    from within_reach
),

counted as (
    select
        classes.level,
        any_value(classes.level_name) as level_name,
        classes.class,
        exact_sum(region_areas.base) as base,
        exact_sum(
            case when near.area is null then 0 else region_areas.base end
        ) as base_reached
    from region_areas
    inner join classes on region_areas.area = classes.area
    left join near on region_areas.area = near.area
    where getvariable('within_km') > 0
    group by classes.level, classes.class
),

shares as (
    select
        *,
        100 * base_reached / nullif(base, 0) as share_reached
    from counted
)

select * from shares
