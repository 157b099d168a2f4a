-- One row: one area that is not classified though it could be meant, and the reason.
with without_census_row as (
    select
        region_areas.area,
        'no census row' as reason
    from region_areas
    anti join variables on region_areas.area = variables.area
),

with_missing_value as (
    select
        region_areas.area,
        'a variable has no value' as reason
    from region_areas
    semi join variables on region_areas.area = variables.area
    anti join region_variables on region_areas.area = region_variables.area
),

without_place as (
    select
        areas.area,
        'empty boundary: it can''t be placed' as reason
    from areas
    anti join region_areas on areas.area = region_areas.area
    where areas.is_empty and getvariable('region_rule') <> 'lookup'
),

-- Where the area lookup knows an area's district, an area without boundary is of a
-- region too, though it can't be placed.
without_boundary as (
    select
        area_lookup.area,
        'no boundary: it can''t be placed' as reason
    from area_lookup
    semi join region_districts on area_lookup.district = region_districts.district
    semi join census_areas on area_lookup.area = census_areas.area
    anti join areas on area_lookup.area = areas.area
    anti join region_areas on area_lookup.area = region_areas.area
),

-- It lies in the region, but the lookup, which decides, doesn't say so.
not_looked_up as (
    select
        area_districts.area,
        case
            when area_lookup.area is null
                then 'in the region, but not in the area lookup'
            else 'in the region, but the area lookup gives another district'
        end as reason
    from area_districts
    semi join region_districts on area_districts.district = region_districts.district
    semi join census_areas on area_districts.area = census_areas.area
    left join area_lookup on area_districts.area = area_lookup.area
    anti join region_areas on area_districts.area = region_areas.area
    where getvariable('region_rule') = 'lookup'
),

reasons as (
    select * from without_census_row
    union all
    select * from with_missing_value
    union all
    select * from without_place
    union all
    select * from without_boundary
    union all
    select * from not_looked_up
)

select * from reasons
