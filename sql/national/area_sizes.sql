-- One row: one area of the boundary file with its size; none without that file.
with source as (
    select
        oa::varchar as area,
        columns(lambda c: c = getvariable('areas_file_geometry')) as boundary
    from read_parquet(getvariable('areas_file'))
),

-- On the British grid, where a square metre is one.
measured as (
    select
        area,
        st_area(
            st_transform(boundary, getvariable('areas_file_crs'), 'EPSG:27700')
        ) / 1000000 as square_kilometres
    from source
),

sized as (
    select * from measured
    where square_kilometres > 0
)

select * from sized
