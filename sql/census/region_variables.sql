-- One row: one area of the region with all its variables, none of them missing.
with in_region as (
    select variables.*
    from census.variables
    semi join census.region_areas on variables.area = region_areas.area
)

select * from in_region
where columns(*) is not null
