-- One row: one feature of one feature set: what the single split's forest owes it.
with measured as (
    select
        feature_set,
        unnest(importances) as importance
    from forests
    where validation = 'single_split'
),

spread_out as (
    select
        measured.feature_set,
        measured.importance.feature,
        measured.importance.impurity,
        measured.importance.permutation,
        measured.importance.permutation_spread
    from measured
),

ranked as (
    select
        feature_set,
        feature,
        impurity,
        row_number() over (
            partition by feature_set order by impurity desc, feature asc
        ) as impurity_rank,
        permutation,
        permutation_spread,
        coalesce(abs(permutation) > 2 * permutation_spread, false) as is_clear,
        row_number() over (
            partition by feature_set
            order by permutation desc nulls last, impurity desc, feature asc
        ) as permutation_rank
    from spread_out
)

select * from ranked
