-- One row: one class of one level within within_km of one record, as the crow flies.
with counted as (
    select
        within_reach.record,
        classes.level,
        any_value(classes.level_name) as level_name,
        classes.class,
        count(*) as areas,
        exact_sum(region_areas.base) as base
    from within_reach
    inner join region_areas on within_reach.area = region_areas.area
    inner join classes on within_reach.area = classes.area
    group by within_reach.record, classes.level, classes.class
),

shares as (
    select
        *,
        100 * base / nullif(
            sum(base::decimal(38, 15)) over (partition by record, level), 0
        ) as share
    from counted
)

select * from shares
