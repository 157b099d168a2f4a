-- One row: one forest and how well it predicts its test areas.
with overall as (
    select
        feature_set,
        validation,
        fold,
        count(*) as rows_tested,
        avg((actual = predicted)::integer) as accuracy,
        exact_avg(abs(actual - predicted)) as label_error,
        stddev_samp(abs(actual - predicted) order by abs(actual - predicted))
        / sqrt(count(*)) as label_error_standard_error,
        exact_avg(abs(actual - predicted_median)) as median_label_error,
        -- What a forest has to beat: a straight line, and no feature at all.
        avg((actual = predicted_ordinal)::integer) as ordinal_accuracy,
        exact_avg(abs(actual - predicted_ordinal)) as ordinal_label_error,
        avg((actual = majority_class)::integer) as floor_accuracy,
        exact_avg(abs(actual - median_class)) as floor_label_error,
        -- Observed squared error over that expected by chance: the mean of (a − p)²
        -- over all pairs of an actual and a predicted class.
        1 - exact_avg((actual - predicted) ** 2) / nullif(
            var_pop(actual order by actual)
            + var_pop(predicted order by predicted)
            + (exact_avg(actual) - exact_avg(predicted)) ** 2,
            0
        ) as quadratic_weighted_kappa
    from forest_predictions
    group by feature_set, validation, fold
),

-- Each area counts once for its actual and once for its predicted class.
mentions as (
    select
        feature_set,
        validation,
        fold,
        unnest([actual, predicted]) as class,
        actual = predicted as is_hit
    from forest_predictions
),

-- F1 = 2 hits ÷ (2 hits + misses + false alarms); a hit is mentioned twice.
by_class as (
    select
        feature_set,
        validation,
        fold,
        class,
        avg(is_hit::integer) as f1
    from mentions
    group by feature_set, validation, fold, class
),

macro as (
    select
        feature_set,
        validation,
        fold,
        avg(f1 order by class) as macro_f1
    from by_class
    group by feature_set, validation, fold
),

scores as (
    select
        overall.*,
        macro.macro_f1
    from overall
    inner join macro
        on
            overall.feature_set = macro.feature_set
            and overall.validation = macro.validation
            and overall.fold = macro.fold
)

select * from scores
