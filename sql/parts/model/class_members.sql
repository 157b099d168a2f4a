-- One row: one area on one level, with its class.
with long as (
    unpivot hierarchy
    on columns(* exclude (area, deepest_cluster)) into name level_name value class
),

numbered as (
    select
        area,
        regexp_extract(level_name, '[0-9]+')::integer as level,
        class
    from long
)

select * from numbered
