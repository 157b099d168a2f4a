-- One row: one class of one level in one place, its residents against the region's.
with members as (
    select
        lookup.kind,
        lookup.place,
        classes.level,
        classes.level_name,
        classes.class,
        residents.residents
    from classes
    inner join lookup on classes.area = lookup.area
    inner join residents on classes.area = residents.area
),

counted as (
    select
        kind,
        place,
        level,
        any_value(level_name) as level_name,
        class,
        count(*) as areas,
        exact_sum(residents) as residents
    from members
    group by kind, place, level, class
),

totals as (
    select
        *,
        sum(residents::decimal(38, 15)) over (
            partition by kind, place, level
        ) as place_residents,
        sum(residents::decimal(38, 15)) over (
            partition by kind, level, class
        ) as class_residents,
        sum(residents::decimal(38, 15)) over (partition by kind, level) as all_residents
    from counted
),

shares as (
    select
        kind,
        place,
        level,
        level_name,
        class,
        areas,
        residents,
        100 * residents / nullif(place_residents, 0) as share,
        100 * class_residents / nullif(all_residents, 0) as region_share
    from totals
),

indexed as (
    select
        *,
        100 * share / nullif(region_share, 0) as index_score
    from shares
)

select * from indexed
