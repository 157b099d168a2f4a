-- One row: one record and what the postcode directory knows of its postcode.
with typed as (
    select
        record,
        weight,
        nullif(trim(area), '') as own_area,
        nullif(trim(postcode), '') as postcode_typed,
        bare_postcode(postcode) as bare,
        x as own_x,
        y as own_y
    from records
),

looked_up as (
    select
        typed.record,
        typed.weight,
        typed.own_area,
        typed.postcode_typed,
        is_postcode(typed.bare) as is_well_formed,
        directory.postcode is not null as is_known,
        directory.is_terminated,
        coalesce(typed.own_area, directory.area) as area,
        coalesce(typed.own_x, directory.x) as x,
        coalesce(typed.own_y, directory.y) as y
    from typed
    left join directory on typed.bare = directory.postcode
)

select * from looked_up
