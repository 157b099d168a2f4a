-- One row: one area and another one that it touches or that block_buffer reaches.
with points as (
    select
        area,
        geometry,
        st_x(st_centroid(geometry)) as x,
        st_y(st_centroid(geometry)) as y
    from areas
    where not is_empty and getvariable('block_buffer') > 0
),

extent as (
    select
        -- Coordinates as small as this are degrees, not metres or feet.
        max(abs(x)) <= 180 and max(abs(y)) <= 90 as in_degrees,
        avg(y order by area) as middle
    from points
),

-- A degree of latitude has 111,320 metres, one of longitude less by its cosine.
placed as (
    select
        points.area,
        case
            when extent.in_degrees
                then st_affine(
                    points.geometry,
                    111320 * cos(radians(extent.middle)), 0, 0, 111320, 0, 0
                )
            else points.geometry
        end as geometry
    from points
    cross join extent
),

-- What touches is taken off afterwards, for the reason that touching.sql tells.
reached as (
    select
        one.area,
        list(other.area) as neighbours
    from placed as one
    inner join placed as other
        on st_dwithin(one.geometry, other.geometry, getvariable('block_buffer'))
    group by one.area
),

pairs as (
    select
        area,
        neighbour,
        true as touches
    from touching
    union all
    select
        area,
        unnest(neighbours) as neighbour,
        false as touches
    from reached
),

near as (
    select
        area,
        neighbour,
        bool_or(touches) as touches
    from pairs
    where area <> neighbour
    group by area, neighbour
)

select * from near
