-- One row: one class of the model on one of its levels, with its centroid.
with listed as (
    select unnest(classes) as entry
    from model_document
),

classes as (
    select
        entry.level,
        entry.level_name,
        entry.class,
        entry.parent,
        entry.name as class_name,
        entry.areas,
        entry.centroid
    from listed
)

select * from classes
