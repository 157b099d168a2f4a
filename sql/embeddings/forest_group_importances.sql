-- One row: all predictors, all dimensions or one predictor: what a forest owes them.
with measured as (
    select
        feature_set,
        unnest(group_importances) as importance
    from forests
    where validation = 'single_split'
),

groups as (
    select
        measured.feature_set,
        measured.importance.feature_group,
        measured.importance.features,
        measured.importance.permutation,
        measured.importance.permutation_spread
    from measured
),

-- A predictor means something by itself; one dimension of an embedding doesn't.
predictors as (
    select
        feature_set,
        feature as feature_group,
        1 as features,
        permutation,
        permutation_spread
    from forest_importances
    semi join used_columns
        on
            forest_importances.feature = used_columns.variable
            and used_columns.role = 'predictor'
),

united as (
    select * from groups
    union all
    select * from predictors
),

ranked as (
    select
        *,
        abs(permutation) > 2 * permutation_spread as is_clear,
        row_number() over (
            partition by feature_set
            order by permutation desc nulls last, features desc, feature_group asc
        ) as permutation_rank
    from united
)

select * from ranked
