-- One row: one area of the earlier year that has all dimensions.
with whole as (
    select
        area,
        mix,
        direction
    from embeddings
    where year = 'earlier' and direction is not null
)

select * from whole
