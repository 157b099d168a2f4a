-- One row: one cluster and one variable whose index score is above 120 or below 80.
with against_sibling as (
    select
        profiles.level,
        profiles.family,
        profiles.cluster,
        profiles.variable,
        profiles.variable_name,
        profiles.domain,
        profiles.phrase,
        profiles.unit,
        profiles.whole,
        profiles.share,
        profiles.overall_share,
        profiles.is_commonest,
        profiles.index_score,
        profiles.index_error,
        profiles.direction,
        profiles.is_noticed,
        profiles.strength,
        profiles.contrast,
        nearest_siblings.sibling,
        siblings.index_score as sibling_index_score,
        siblings.share as sibling_share,
        profiles.strength - siblings.strength as gap_to_sibling
    from cluster_shares as profiles
    inner join nearest_siblings
        on
            profiles.level = nearest_siblings.level
            and profiles.cluster = nearest_siblings.cluster
    left join cluster_shares as siblings
        on
            profiles.level = siblings.level
            and nearest_siblings.sibling = siblings.cluster
            and profiles.variable = siblings.variable
    where profiles.direction <> 'near'
),

ranked as (
    select
        *,
        row_number() over (
            partition by level, cluster, direction
            order by abs(strength) desc, variable asc
        ) as rank
    from against_sibling
)

select * from ranked
