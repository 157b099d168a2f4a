-- One row: one forest and how well it predicts its test areas.
with predictions as (
    select
        forest_predictions.*,
        -- Of numbers, whether one is hit to the last digit says nothing.
        case when target_kinds.kind = 'classes' then 1 end as is_class
    from forest_predictions
    cross join target_kinds
),

-- Equal values share the mean of their places, as for Spearman's correlation.
ranked as (
    select
        *,
        rank() over (partition by feature_set, validation, fold order by actual)
        + (count(*) over (partition by feature_set, validation, fold, actual) - 1) / 2
            as actual_rank,
        rank() over (partition by feature_set, validation, fold order by predicted)
        + (
            count(*) over (partition by feature_set, validation, fold, predicted) - 1
        ) / 2 as predicted_rank
    from predictions
),

-- Sums of decimals in one order: else the last digits would differ from run to run.
overall as (
    select
        feature_set,
        validation,
        fold,
        count(*) as rows_tested,
        any_value(is_class) as is_class,
        avg((actual = predicted)::integer) * any_value(is_class) as accuracy,
        avg(abs(actual - predicted) order by area) as label_error,
        stddev_samp(abs(actual - predicted) order by abs(actual - predicted))
        / sqrt(count(*)) as label_error_standard_error,
        1 - avg((actual - predicted) ** 2 order by area)
        / nullif(var_pop(actual order by actual), 0) as r_squared,
        corr(actual_rank, predicted_rank order by area) as rank_correlation,
        avg(abs(actual - predicted_median) order by area) as median_label_error,
        -- What a forest has to beat: a straight line, and no feature at all.
        avg((actual = predicted_ordinal)::integer)
        * any_value(is_class) as ordinal_accuracy,
        avg(abs(actual - predicted_ordinal) order by area) as ordinal_label_error,
        avg((actual = majority_class)::integer) * any_value(is_class) as floor_accuracy,
        avg(abs(actual - median_class) order by area) as floor_label_error,
        quadratic_kappa(actual, predicted, area) as quadratic_weighted_kappa
    from ranked
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
        overall.* exclude (is_class),
        macro.macro_f1 * overall.is_class as macro_f1
    from overall
    inner join macro
        on
            overall.feature_set = macro.feature_set
            and overall.validation = macro.validation
            and overall.fold = macro.fold
)

select * from scores
