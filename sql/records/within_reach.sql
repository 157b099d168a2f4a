-- One row: one record and one area whose centre is within_km of it, as the crow flies.
with metres as (
    select 1000.0 * getvariable('within_km') as reach
),

-- Squares as wide as the reach: what is within it lies in a square beside one's own.
points as (
    select
        looked_up.record,
        looked_up.x,
        looked_up.y,
        (floor(looked_up.x / metres.reach) + across.step)::integer as square_x,
        (floor(looked_up.y / metres.reach) + along.step)::integer as square_y
    from looked_up
    cross join metres
    cross join range(-1, 2) as across (step)
    cross join range(-1, 2) as along (step)
    where metres.reach > 0 and looked_up.x is not null and looked_up.y is not null
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
