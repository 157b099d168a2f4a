-- One row: one area with its boundary as a valid multipolygon.
with source as (
    select
        oa as area,
        columns(lambda c: c = getvariable('areas_file_geometry')) as boundary
    from st_read(getvariable('areas_file'), layer = getvariable('areas_file_layer'))
),

flat as (
    select
        area,
        st_force2d(boundary) as boundary,
        not st_isvalid(boundary) as was_repaired
    from source
),

repaired as (
    select
        area,
        coalesce(was_repaired, false) as was_repaired,
        coalesce(st_isempty(boundary), true) as is_empty,
        st_multi(
            case
                when was_repaired
                    then st_collectionextract(st_makevalid(boundary), 3)
                else boundary
            end
        ) as geometry
    from flat
)

select * from repaired
