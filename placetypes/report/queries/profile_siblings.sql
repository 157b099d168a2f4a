-- One row: one cluster and one of the five variables that part it from the nearest one.
with gaps as (
    select
        own.level,
        own.cluster,
        nearest_siblings.sibling,
        nearest_siblings.distance,
        own.variable,
        own.variable_name,
        own.cluster_mean,
        siblings.cluster_mean as sibling_mean,
        own.unit,
        row_number() over (
            partition by own.level, own.cluster
            order by abs(own.strength - siblings.strength) desc, own.variable asc
        ) as place
    from cluster_shares as own
    inner join nearest_siblings
        on
            own.level = nearest_siblings.level
            and own.cluster = nearest_siblings.cluster
    inner join cluster_shares as siblings
        on
            nearest_siblings.level = siblings.level
            and nearest_siblings.sibling = siblings.cluster
            and own.variable = siblings.variable
)

select * from gaps
where place <= 5
order by level, cluster, place
