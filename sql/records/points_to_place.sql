-- One row: one record that no code places, with its grid reference.
with points as (
    select
        record,
        x,
        y
    from looked_up
    where area is null and x is not null and y is not null
)

select * from points
