-- One row: one variable, its contribution to the kept components, the proposal.
with contributions as (
    select
        pca_loadings.variable,
        exact_sum(pca_loadings.loading ** 2) as communality,
        arg_max(pca_loadings.component, abs(pca_loadings.loading))
            as strongest_component,
        arg_max(pca_loadings.loading, abs(pca_loadings.loading)) as strongest_loading
    from pca_loadings
    inner join pca_components
        on pca_loadings.component = pca_components.component
    where pca_components.is_kept
    group by pca_loadings.variable
),

shares as (
    select
        *,
        100 * communality / sum(communality) over whole as contribution,
        100 / count(*) over () as even_contribution
    from contributions
    window
        whole as (
            order by variable
            rows between unbounded preceding and unbounded following
        )
),

proposed as (
    select
        *,
        contribution >= even_contribution - 1e-9 as is_proposed
    from shares
)

select * from proposed
