-- One row: one district code of the chosen region, and whether a district bears it.
with known as (
    select
        string_agg(distinct region, ', ' order by region) as region_names,
        bool_or(region = getvariable('region')) as is_known
    from regions
),

listed as (
    select
        regions.district,
        districts.district_name,
        districts.district is not null as has_boundary
    from known
    left join regions on regions.region = getvariable('region')
    left join districts on regions.district = districts.district
    where
        case
            when known.is_known or getvariable('region') = 'all' then true
            else error(
                'There is no region "' || getvariable('region')
                || '" in regions.csv. Known: ' || known.region_names
                || ', or all for every area of the census file.'
            )
        end
)

select * from listed
where district is not null
