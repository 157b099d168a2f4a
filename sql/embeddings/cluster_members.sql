-- One row: one area in one cluster of one level, with its residents (not known here).
with members as (
    select
        'cluster' as level,
        cluster as family,
        cluster,
        area,
        null::double as population,
        true as is_inside
    from clusters
)

select * from members
