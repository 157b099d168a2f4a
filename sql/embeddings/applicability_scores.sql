-- One row: one feature set, inside or outside its area of applicability: its scores.
with told as (
    select
        applicability.feature_set,
        applicability.is_inside,
        applicability.has_target,
        predictions.area,
        predictions.actual,
        predictions.predicted,
        conformal_sets.is_covered,
        target_kinds.kind
    from applicability
    left join forest_predictions as predictions
        on
            applicability.area = predictions.area
            and applicability.feature_set = predictions.feature_set
            and predictions.validation = 'blocked'
    left join conformal_sets
        on
            applicability.area = conformal_sets.area
            and applicability.feature_set = conformal_sets.feature_set
    cross join target_kinds
),

scores as (
    select
        feature_set,
        is_inside,
        count(*) filter (where has_target) as areas_tested,
        count(*) filter (where not has_target) as areas_without_target,
        avg((actual = predicted)::integer)
        filter (where kind = 'classes') as accuracy,
        avg(abs(actual - predicted) order by area) as label_error,
        avg(is_covered::integer) as coverage
    from told
    group by feature_set, is_inside
)

select * from scores
