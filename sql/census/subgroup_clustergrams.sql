-- One row: one cluster of one k within one supergroup: its size, its component mean.
with memberships as (
    unpivot subgroup_clustergram_labels
    on columns('^k\d+$') into name k value cluster
),

clusters as (
    select
        supergroup,
        substr(k, 2)::integer as k,
        cluster,
        count(*) as areas,
        exact_avg(first_component) as component_mean
    from memberships
    group by supergroup, k, cluster
),

scored as (
    select
        clusters.*,
        scores.* exclude (supergroup, k)
    from clusters
    inner join subgroup_clustergram_scores as scores
        on clusters.supergroup = scores.supergroup and clusters.k = scores.k
)

select * from scored
