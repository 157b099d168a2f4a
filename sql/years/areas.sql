-- One row: one area of the later file, with its name and boundary as a valid polygon.
with chosen as (
    select
        columns(lambda c: c = getvariable('later_path_geometry')) as boundary,
        columns(lambda c: lower(c) = lower(getvariable('id_column')))::varchar as area,
        columns(
            lambda c: lower(c) in (
                lower(getvariable('id_column')), lower(getvariable('name_column'))
            )
        )::varchar
    from read_parquet(getvariable('later_path'))
),

-- A name is there only where the file has one, so the code stands beside it.
listed as (
    select
        area,
        boundary,
        list_filter(
            [*columns(* exclude (area, boundary))], lambda text: text <> area
        ) as others
    from chosen
),

named as (
    select
        area,
        trim(others[1]) as area_name,
        st_force2d(boundary) as boundary
    from listed
),

repaired as (
    select
        area,
        area_name,
        -- Lines and points, which a collection or a repair can hold, cover no ground.
        st_multi(
            st_collectionextract(
                if(st_isvalid(boundary), boundary, st_makevalid(boundary)), 3
            )
        ) as geometry
    from named
)

select * from repaired
