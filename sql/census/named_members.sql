-- One row: one area and its clusters at a time when names were given.
with source as (
    select * from read_csv(
        getvariable('names_members_file'),
        delim = ',', header = true, all_varchar = true
    )
),

members as (
    select
        snapshot,
        area,
        supergroup,
        subgroup
    from source
)

select * from members
