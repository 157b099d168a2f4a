-- One row: one area with its name and its boundary as a valid multipolygon.
with source as (
    select
        record_id as area,
        trim(
            columns(lambda c: lower(c) = lower(getvariable('name_column')))::varchar
        ) as area_name,
        record_boundary as boundary
    from area_records
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
