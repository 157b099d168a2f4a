-- One row: one area of the region with all its variables, none of them missing.
with complete as (
    select * from variables
    where columns(*) is not null
)

select * from complete
