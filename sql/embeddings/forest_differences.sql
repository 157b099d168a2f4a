-- One row: two feature sets on one measure: their difference and its spread over folds.
with scores as (
    unpivot forest_fold_scores
    on
    accuracy, label_error, macro_f1, quadratic_weighted_kappa, r_squared,
    rank_correlation
    into name measure value score
),

comparisons as (
    select
        unnest(['embeddings', 'both', 'both']) as feature_set,
        unnest(['socioeconomic', 'socioeconomic', 'embeddings']) as baseline
),

by_fold as (
    select
        one.validation,
        one.fold,
        one.feature_set,
        comparisons.baseline,
        one.measure,
        one.score - other.score as difference,
        -- A smaller label error is the better one.
        case
            when one.measure = 'label_error' then one.score < other.score
            else one.score > other.score
        end as is_better
    from comparisons
    inner join scores as one on comparisons.feature_set = one.feature_set
    inner join scores as other
        on
            comparisons.baseline = other.feature_set
            and one.validation = other.validation
            and one.fold = other.fold
            and one.measure = other.measure
),

over_folds as (
    select
        validation,
        feature_set,
        baseline,
        measure,
        avg(difference order by fold) as difference,
        stddev_samp(difference order by fold) as spread,
        min(difference) as smallest,
        max(difference) as largest,
        count(*) as folds,
        count(*) filter (where is_better) as folds_better
    from by_fold
    group by validation, feature_set, baseline, measure
)

select * from over_folds
