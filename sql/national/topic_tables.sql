-- One row: one topic table of which areas are in the folder.
with held as (
    select
        country,
        table_name,
        title,
        cells
    from topic_files
    where has_areas
)

select * from held
