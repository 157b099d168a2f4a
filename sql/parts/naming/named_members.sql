-- One row: one area in one cluster, at a time when names were given.
with source as (
    select * from read_csv(
        getvariable('names_members_file'),
        delim = ',', header = true, all_varchar = true
    )
),

members as (
    select
        snapshot,
        level,
        cluster,
        area
    from source
)

select * from members
