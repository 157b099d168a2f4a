-- One row: one Local Authority District, in the coordinate system of the areas.
with source as (
    select
        lad22cd::varchar as district,
        lad22nm as district_name,
        columns(lambda c: c = getvariable('districts_file_geometry')) as boundary
    from read_parquet(getvariable('districts_file'))
),

reprojected as (
    select
        district,
        district_name,
        st_makevalid(
            st_transform(st_force2d(boundary), getvariable('areas_file_crs'))
        ) as geometry
    from source
)

select * from reprojected
