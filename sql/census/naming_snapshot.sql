-- One row: what is named, by region and by the hash of all areas with their clusters.
with hashed as (
    select
        any_value(region_name.region) as region,
        sha256(
            string_agg(
                level || ',' || cluster || ',' || area, chr(10)
                order by level, cluster, area
            )
        )[:16] as snapshot
    from cluster_members
    cross join region_name
)

select * from hashed
