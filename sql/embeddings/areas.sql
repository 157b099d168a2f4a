-- One row: one area with its name and its boundary as a valid multipolygon.
with chosen as (
    select
        record_boundary as boundary,
        columns(
            lambda c: c = 'record_id' or lower(c) = lower(getvariable('name_column'))
        )::varchar
    from area_records
),

-- The code comes first; a name is there only where the file has one.
listed as (
    select
        boundary,
        [*columns(* exclude (boundary))] as found
    from chosen
),

source as (
    select
        found[1] as area,
        trim(found[2]) as area_name,
        boundary
    from listed
),

flat as (
    select
        area,
        area_name,
        st_force2d(boundary) as boundary,
        not st_isvalid(boundary) as was_repaired
    from source
),

repaired as (
    select
        area,
        area_name,
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
        area_name,
        was_repaired,
        coalesce(st_isempty(geometry), true) as is_empty,
        geometry
    from repaired
)

select * from flagged
