-- One row: the areas that go from one cluster of k to one cluster of k + 1.
with memberships as (
    unpivot clustergram_labels
    on columns('^k\d+$') into name k value cluster
),

numbered as (
    select
        area,
        substr(k, 2)::integer as k,
        cluster
    from memberships
),

flows as (
    select
        coarse.k,
        coarse.cluster,
        fine.cluster as next_cluster,
        count(*) as areas
    from numbered as coarse
    inner join numbered as fine
        on coarse.area = fine.area and coarse.k + 1 = fine.k
    group by coarse.k, coarse.cluster, fine.cluster
)

select * from flows
