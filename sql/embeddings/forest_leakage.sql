-- One row: one feature set: what neighbours in the training give away, and what luck.
with by_validation as (
    select
        feature_set,
        any_value(accuracy)
        filter (where validation = 'single_split') as single_accuracy,
        any_value(accuracy)
        filter (where validation = 'random') as random_accuracy,
        any_value(accuracy)
        filter (where validation = 'blocked') as blocked_accuracy,
        any_value(floor_accuracy)
        filter (where validation = 'blocked') as floor_accuracy,
        any_value(label_error)
        filter (where validation = 'random') as random_label_error,
        any_value(label_error)
        filter (where validation = 'blocked') as blocked_label_error
    from forest_scores
    group by feature_set
),

gaps as (
    select
        *,
        random_accuracy - blocked_accuracy as leakage,
        single_accuracy - random_accuracy as luck,
        blocked_label_error - random_label_error as label_error_leakage
    from by_validation
)

select * from gaps
