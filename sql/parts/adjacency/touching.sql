-- One row: one area and another one that it touches.
-- A condition beside a spatial join makes it look at every pair, so an area is taken
-- off its own list afterwards.
with touching as (
    select
        one.area,
        list(other.area) filter (where other.area <> one.area) as neighbours
    from areas as one
    inner join areas as other
        on st_intersects(one.geometry, other.geometry)
    group by one.area
),

spread as (
    select
        area,
        unnest(neighbours) as neighbour
    from touching
)

select * from spread
