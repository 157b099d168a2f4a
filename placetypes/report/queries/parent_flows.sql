-- One row: one cluster of k and one of k + 1 within a parent, the areas in both. Flows
-- within parents are published as labels only, in the table that the variable names.
with memberships as (
    unpivot (from query_table(getvariable('labels')))
    on columns('^k\d+$') into name k value cluster
),

numbered as (
    select
        area,
        columns(lambda name: name = getvariable('parent')) as parent,
        substr(k, 2)::integer as k,
        cluster
    from memberships
)

select
    coarse.parent,
    coarse.k,
    coarse.cluster,
    fine.cluster as next_cluster,
    count(*) as areas
from numbered as coarse
inner join numbered as fine
    on coarse.area = fine.area and coarse.k + 1 = fine.k
group by all
order by 1, 2, 3, 4
