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

reasons as (
    select * from without_census_row
    union all
    select * from with_missing_value
    union all
    select * from without_place
)

select * from reasons
