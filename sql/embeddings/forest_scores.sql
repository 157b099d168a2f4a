-- One row: one feature set under one validation: its scores, their spread over folds.
with rows_used as (
    select
        (select count(*) from forest_inputs) as rows_used,
        (select count(*) from areas)
        - (select count(*) from forest_inputs) as rows_dropped
),

-- Added up in order: else the last digits would differ from run to run.
over_folds as (
    select
        feature_set,
        validation,
        count(*) as forests,
        avg(accuracy order by fold) as accuracy,
        stddev_samp(accuracy order by fold) as accuracy_spread,
        avg(label_error order by fold) as label_error,
        stddev_samp(label_error order by fold) as label_error_spread,
        avg(macro_f1 order by fold) as macro_f1,
        stddev_samp(macro_f1 order by fold) as macro_f1_spread,
        avg(quadratic_weighted_kappa order by fold) as quadratic_weighted_kappa,
        stddev_samp(quadratic_weighted_kappa order by fold)
            as quadratic_weighted_kappa_spread,
        avg(r_squared order by fold) as r_squared,
        stddev_samp(r_squared order by fold) as r_squared_spread,
        avg(rank_correlation order by fold) as rank_correlation,
        stddev_samp(rank_correlation order by fold) as rank_correlation_spread,
        avg(median_label_error order by fold) as median_label_error,
        avg(ordinal_accuracy order by fold) as ordinal_accuracy,
        avg(ordinal_label_error order by fold) as ordinal_label_error,
        avg(floor_accuracy order by fold) as floor_accuracy,
        avg(floor_label_error order by fold) as floor_label_error,
        any_value(label_error_standard_error) as label_error_standard_error,
        sum(rows_tested)::bigint as rows_tested
    from forest_fold_scores
    group by feature_set, validation
),

-- Folds have a spread; one split has the interval that its number of areas allows:
-- Wilson's for a share, the normal one for a mean.
with_intervals as (
    select
        * exclude (label_error_standard_error),
        case
            when validation = 'single_split'
                then wilson_bound(accuracy, rows_tested, -1)
        end as accuracy_low,
        case
            when validation = 'single_split'
                then wilson_bound(accuracy, rows_tested, 1)
        end as accuracy_high,
        case
            when validation = 'single_split'
                then label_error - 1.959964 * label_error_standard_error
        end as label_error_low,
        case
            when validation = 'single_split'
                then label_error + 1.959964 * label_error_standard_error
        end as label_error_high
    from over_folds
),

scores as (
    select
        with_intervals.*,
        rows_used.rows_used,
        rows_used.rows_dropped
    from with_intervals
    cross join rows_used
)

select * from scores
