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
),

-- Coordinates and area codes do without a directory, postcodes don't.
checked as (
    select *
    from looked_up
    where
        case
            when area is not null or x is not null or postcode_typed is null
                then true
            when exists (from directory) then true
            else error(
                'A postcode directory is missing, and nothing but the postcode '
                || postcode_typed || ' tells where record ' || record || ' is: put '
                || 'an ONSPD or NSPL file into the input folder or name it '
                || '(directory_file_name), or name a column of area codes '
                || '(record_area_column) or coordinates (x_column, y_column).'
            )
        end
)

select * from checked
