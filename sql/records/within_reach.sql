-- One row: one record and one area whose centre is within_km of it, as the crow flies.
with metres as (
    select 1000.0 * getvariable('within_km') as reach
),

-- A record that has nothing but its area is where that has its centre.
located as (
    select
        looked_up.record,
        coalesce(looked_up.x, area_centres.x) as x,
        coalesce(looked_up.y, area_centres.y) as y
    from looked_up
    left join area_centres on looked_up.area = area_centres.area
),

-- Squares as wide as the reach: what is within it lies in a square beside one's own.
points as (
    select
        located.record,
        located.x,
        located.y,
        (floor(located.x / metres.reach) + across.step)::integer as square_x,
        (floor(located.y / metres.reach) + along.step)::integer as square_y
    from located
    cross join metres
    cross join range(-1, 2) as across (step)
    cross join range(-1, 2) as along (step)
    where metres.reach > 0 and located.x is not null and located.y is not null
),

centres as (
    select
        area_centres.*,
        floor(area_centres.x / metres.reach)::integer as square_x,
        floor(area_centres.y / metres.reach)::integer as square_y
    from area_centres
    cross join metres
    where metres.reach > 0
),

near as (
    select
        points.record,
        centres.area,
        sqrt(pow(points.x - centres.x, 2) + pow(points.y - centres.y, 2)) / 1000
            as distance_km
    from points
    inner join centres
        on points.square_x = centres.square_x and points.square_y = centres.square_y
),

within_reach as (
    select * from near
    where distance_km <= getvariable('within_km')
)

select * from within_reach
