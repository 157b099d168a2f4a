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
        sum(rows_tested)::bigint as rows_tested
    from forest_fold_scores
    group by feature_set, validation
),

scores as (
    select
        over_folds.*,
        rows_used.rows_used,
        rows_used.rows_dropped
    from over_folds
    cross join rows_used
)

select * from scores
