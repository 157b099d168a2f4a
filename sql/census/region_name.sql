-- One row: the region, by the name of what was asked for.
with parts as (
    select string_agg(distinct region, ' and ' order by region) as region
    from region_districts
),

named as (
    select coalesce(region, getvariable('region')) as region
    from parts
)

select * from named
