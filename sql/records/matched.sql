-- One row: one record in an area of the region.
with matched as (
    select
        record,
        weight,
        area,
        district
    from placed
    where reason is null
)

select * from matched
