-- One row: one cluster and one of the ten variables that set it apart from all areas.
with ranked as (
    select
        level,
        cluster,
        variable,
        variable_name,
        cluster_mean,
        overall_mean,
        index_score,
        index_error,
        strength,
        unit,
        row_number() over (
            partition by level, cluster
            order by abs(strength) desc, variable asc
        ) as place
    from cluster_shares
    where strength is not null
)

select * from ranked
where place <= 10
order by level, cluster, place
