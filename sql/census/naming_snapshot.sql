-- One row: the hash of all areas with their clusters, one row in all.
with hashed as (
    select
        sha256(
            string_agg(
                area || ',' || supergroup || ',' || subgroup, chr(10)
                order by area
            )
        )[:16] as snapshot,
        count(*) as areas
    from census.subgroups
)

select * from hashed
