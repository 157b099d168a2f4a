-- One row: one district of the region, and how many areas of it there are.
with counted as (
    select
        district,
        count(*) as areas
    from region_areas
    group by district
),

beside_districts as (
    select
        region_districts.district,
        region_districts.district_name,
        coalesce(counted.areas, 0) as areas
    from region_districts
    left join counted on region_districts.district = counted.district
)

select * from beside_districts
