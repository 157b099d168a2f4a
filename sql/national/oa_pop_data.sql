-- One row: one area with its usual residents.
with renamed as (
    select
        area as OA,  -- noqa: CP02
        residents::bigint as uk001001
    from area_values
)

select * from renamed
