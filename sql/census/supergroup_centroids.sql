-- One row: one supergroup and the mean of each scaled variable over its areas.
with members as (
    select
        supergroups.supergroup,
        cluster_inputs.* exclude (area)
    from cluster_inputs
    inner join supergroups on cluster_inputs.area = supergroups.area
),

centroids as (
    select
        supergroup,
        exact_avg(columns(* exclude (supergroup)))
    from members
    group by supergroup
)

select * from centroids
