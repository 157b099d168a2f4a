-- One row: one classified area of the region, with its base.
with classed as (
    select distinct area
    from classes
),

areas as (
    select
        classed.area,
        area_districts.district,
        case when getvariable('base') = 'areas' then 1 else base_counts.base end as base
    from classed
    left join area_districts on classed.area = area_districts.area
    left join base_counts on classed.area = base_counts.area
),

-- An empty list takes every area; a pattern such as E09* takes London's.
in_region as (
    select
        area,
        district,
        coalesce(base, 0) as base,
        base is null as lacks_base
    from areas
    where
        len(getvariable('districts')) = 0
        or len(
            list_filter(
                getvariable('districts'), lambda wanted: district glob wanted
            )
        ) > 0
)

select * from in_region
