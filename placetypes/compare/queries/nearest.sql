-- One row: one area and its distance to the one asked for, itself first.
with positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from space
),

asked as (
    select position from positions
    where area = getvariable('asked_area')
),

distances as (
    select
        positions.area,
        list_distance(positions.position, asked.position) as distance
    from positions
    cross join asked
),

shown as (
    select
        distances.area,
        distances.distance,
        shown_columns.* exclude (area)
    from distances
    inner join shown_columns on distances.area = shown_columns.area
)

select * from shown
order by
    area <> getvariable('asked_area'),
    distance * getvariable('asked_sign'),
    area
limit getvariable('asked_rows') + 1
