-- One row: one area of the region, once, however many of its districts it touches.
with region as (
    select
        districts.district,
        districts.geometry
    from districts
    inner join region_districts
        on districts.district = region_districts.district
),

by_border as (
    select distinct areas.area
    from areas
    inner join region on st_intersects(areas.geometry, region.geometry)
    where
        getvariable('region_rule') = 'intersects'
        and getvariable('region') <> 'all'
),

by_interior_point as (
    select area_districts.area
    from area_districts
    inner join region on area_districts.district = region.district
    where
        getvariable('region_rule') = 'interior'
        and getvariable('region') <> 'all'
),

by_lookup as (
    select area_lookup.area
    from area_lookup
    inner join region_districts
        on area_lookup.district = region_districts.district
    where
        getvariable('region_rule') = 'lookup'
        and getvariable('region') <> 'all'
),

everywhere as (
    select area from census_areas
    where getvariable('region') = 'all'
    union
    select area from areas
    where getvariable('region') = 'all'
),

-- Boundaries that would meet if x and y were exchanged.
extents as (
    select
        (select st_extent_agg(geometry) from areas) as areas,
        (select st_extent_agg(geometry) from region) as region
),

swapped as (
    select
        error(
            'The areas lie between ' || st_xmin(areas) || ', ' || st_ymin(areas)
            || ' and ' || st_xmax(areas) || ', ' || st_ymax(areas)
            || ', away from the region, but would meet it with their axes swapped: '
            || 'easting and northing (or longitude and latitude) of the areas'' or of '
            || 'the districts'' boundaries are in the wrong order. Export that file '
            || 'again.'
        )::varchar as area
    from extents
    where
        getvariable('region_rule') <> 'lookup'
        and getvariable('region') <> 'all'
        and not st_intersects(areas, region)
        and st_intersects(st_flipcoordinates(areas), region)
),

chosen as (
    select area from swapped
    union all
    select area from by_border
    union all
    select area from by_interior_point
    union all
    select area from by_lookup
    union all
    select area from everywhere
),

described as (
    select
        chosen.area,
        coalesce(area_lookup.district, area_districts.district) as district,
        -- Of an area that only touches the region, the interior point lies outside.
        area_districts.district in (select district from region)
        or getvariable('region') = 'all' as is_inside
    from chosen
    left join area_lookup on chosen.area = area_lookup.area
    left join area_districts on chosen.area = area_districts.area
),

named as (
    select
        described.area,
        described.district,
        districts.district_name,
        coalesce(described.is_inside, false) as is_inside
    from described
    left join districts on described.district = districts.district
)

select * from named
