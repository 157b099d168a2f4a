-- One row: one class of one level in the region, records against base.
with of_region as (
    select * exclude (place)
    from profiles
    where place = 'all'
)

select * from of_region
