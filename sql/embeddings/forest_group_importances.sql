-- One row: one group of features of one feature set: what the forest owes all of them.
with measured as (
    select
        feature_set,
        unnest(group_importances) as importance
    from forests
    where validation = 'single_split'
),

spread_out as (
    select
        measured.feature_set,
        measured.importance.feature_group,
        measured.importance.features,
        measured.importance.permutation,
        measured.importance.permutation_spread
    from measured
)

select * from spread_out
