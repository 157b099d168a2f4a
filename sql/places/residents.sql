-- One row: one classified area and what it counts, such as its residents.
with areas as (
    select distinct area
    from classes
),

counted as (
    select
        areas.area,
        case when getvariable('base') = 'areas' then 1 else base_counts.base end
            as residents
    from areas
    left join base_counts on areas.area = base_counts.area
),

filled as (
    select
        area,
        coalesce(residents, 0) as residents,
        residents is null as lacks_residents
    from counted
)

select * from filled
