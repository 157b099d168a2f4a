-- One row: what is named, by region and by the hash of all areas with their clusters.
with hashed as (
    select
        regexp_replace(
            string_split(getvariable('areas_path'), '/')[-1], '\.[a-z]+$', ''
        ) as region,
        sha256(
            string_agg(
                level || ',' || cluster || ',' || area, chr(10)
                order by level, cluster, area
            )
        )[:16] as snapshot
    from cluster_members
)

select * from hashed
