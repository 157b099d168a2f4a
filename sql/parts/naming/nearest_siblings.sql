-- One row: one cluster and the sibling that is most like it, null for an only child.
with pairs as (
    select
        profiles.level,
        profiles.cluster,
        siblings.cluster as sibling,
        sqrt(exact_sum((profiles.strength - siblings.strength) ** 2)) as distance
    from cluster_profiles as profiles
    inner join cluster_profiles as siblings
        on
            profiles.level = siblings.level
            and profiles.variable = siblings.variable
            and profiles.cluster <> siblings.cluster
            and (
                profiles.level <> 'subgroup'
                or profiles.family = siblings.family
            )
    group by profiles.level, profiles.cluster, siblings.cluster
),

nearest as (
    select
        level,
        cluster,
        sibling,
        distance
    from pairs
    qualify
        row_number() over (partition by level, cluster order by distance, sibling) = 1
),

all_clusters as (
    select distinct
        level,
        cluster
    from cluster_profiles
),

siblings as (
    select
        all_clusters.level,
        all_clusters.cluster,
        nearest.sibling,
        nearest.distance
    from all_clusters
    left join nearest
        on
            all_clusters.level = nearest.level
            and all_clusters.cluster = nearest.cluster
)

select * from siblings
