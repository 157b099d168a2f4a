-- One row: one area and the district of most of its postcodes.
with counted as (
    select
        area,
        district,
        count(*) as postcodes
    from directory
    where area is not null and district is not null
    group by area, district
),

ranked as (
    select
        area,
        district,
        row_number() over (
            partition by area order by postcodes desc, district asc
        ) as place
    from counted
),

main_districts as (
    select
        area,
        district
    from ranked
    where place = 1
)

select * from main_districts
