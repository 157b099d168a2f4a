-- One row: one principal component, what it explains and whether it is kept.
with components as (
    select
        component,
        any_value(eigenvalue) as eigenvalue,
        arg_max(variable, abs(loading)) as strongest_variable
    from pca_loadings
    group by component
),

explained as (
    select
        *,
        100 * eigenvalue / sum(eigenvalue) over whole as explained_share,
        100 * sum(eigenvalue) over (order by component)
        / sum(eigenvalue) over whole as cumulative_share
    from components
    window
        whole as (
            order by component
            rows between unbounded preceding and unbounded following
        )
),

-- As many as it takes to reach the share that pca_variance asks for.
kept as (
    select
        *,
        cumulative_share - explained_share
        < 100 * getvariable('pca_variance') - 1e-9 as is_kept
    from explained
)

select * from kept
