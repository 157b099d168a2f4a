-- One row: one area with its boundary as a valid multipolygon.
with source as (
    select
        oa::varchar as area,
        columns(lambda c: c = getvariable('areas_file_geometry')) as boundary
    from read_parquet(getvariable('areas_file'))
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
        -- Lines and points, which a collection or a repair can hold, cover no ground.
        st_multi(
            st_collectionextract(
                case when was_repaired then st_makevalid(boundary) else boundary end, 3
            )
        ) as geometry
    from flat
),

-- Of a polygon that covers no ground, nothing is left: it is empty too.
flagged as (
    select
        area,
        was_repaired,
        coalesce(st_isempty(geometry), true) as is_empty,
        geometry
    from repaired
)

select * from flagged
