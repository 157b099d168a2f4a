-- One row: one feature set under one validation: its scores, their spread over folds.
with rows_used as (
    select
        (select count(*) from embeddings.forest_inputs) as rows_used,
        (select count(*) from embeddings.areas)
        - (select count(*) from embeddings.forest_inputs) as rows_dropped
),

over_folds as (
    select
        feature_set,
        validation,
        count(*) as forests,
        avg(accuracy) as accuracy,
        stddev_samp(accuracy) as accuracy_spread,
        avg(label_error) as label_error,
        stddev_samp(label_error) as label_error_spread,
        avg(macro_f1) as macro_f1,
        stddev_samp(macro_f1) as macro_f1_spread,
        avg(quadratic_weighted_kappa) as quadratic_weighted_kappa,
        stddev_samp(quadratic_weighted_kappa) as quadratic_weighted_kappa_spread,
        sum(rows_tested)::bigint as rows_tested
    from embeddings.forest_fold_scores
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
