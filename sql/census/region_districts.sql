-- One row: one district code of the chosen region, and whether a district bears it.
with known as (
    select string_agg(distinct region, ', ' order by region) as region_names
    from regions
),

-- A region of regions.csv, or what stands between plus signs.
asked as (
    select distinct trim(parts.item) as item
    from (
        select
            unnest(
                case
                    when
                        getvariable('region') in (select regions.region from regions)
                        then [getvariable('region')]
                    else string_split(getvariable('region'), '+')
                end
            ) as item
    ) as parts
    where getvariable('region') <> 'all'
),

-- Each of them is a region's name, a district's code or a district's name.
codes as (
    select
        asked.item,
        regions.region,
        regions.district
    from asked
    inner join regions on asked.item = regions.region
    union all
    select
        asked.item,
        districts.district_name as region,
        districts.district
    from asked
    inner join districts
        on lower(asked.item) in (
            lower(districts.district), lower(districts.district_name)
        )
    where asked.item not in (select regions.region from regions)
),

unknown as (
    select any_value(item) as item
    from asked
    where item not in (select codes.item from codes)
),

listed as (
    select
        codes.district,
        min(codes.region) as region,
        any_value(districts.district_name) as district_name,
        bool_or(districts.district is not null) as has_boundary
    from known
    cross join unknown
    left join codes on true
    left join districts on codes.district = districts.district
    where
        case
            when unknown.item is null then true
            else error(
                'There is no region "' || unknown.item
                || '" in regions.csv, and no district has that code or name. Known: '
                || known.region_names
                || ', or all for every area of the census file.'
            )
        end
    group by codes.district
)

select * from listed
where district is not null
