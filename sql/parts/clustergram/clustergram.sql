-- One row: one cluster of one k: its size, its mean on the first principal component.
with memberships as (
    unpivot clustergram_labels
    on columns('^k\d+$') into name k value cluster
),

clusters as (
    select
        substr(k, 2)::integer as k,
        cluster,
        count(*) as areas,
        exact_avg(first_component) as component_mean
    from memberships
    group by k, cluster
),

scored as (
    select
        clusters.*,
        clustergram_scores.* exclude (k)
    from clusters
    inner join clustergram_scores on clusters.k = clustergram_scores.k
)

select * from scored
