-- One row: one feature set in one district: how well held-out blocks are predicted.
with tested as (
    select
        predictions.*,
        districts.district,
        target_kinds.kind
    from forest_predictions as predictions
    inner join districts on predictions.area = districts.area
    cross join target_kinds
    where predictions.validation = 'blocked'
),

counted as (
    select
        feature_set,
        district,
        any_value(kind) as kind,
        count(*) as areas,
        avg((actual = predicted)::integer) as hits,
        avg((actual = majority_class)::integer) as floor_hits,
        avg(abs(actual - predicted) order by area) as label_error,
        avg(abs(actual - median_class) order by area) as floor_label_error,
        quadratic_kappa(actual, predicted, area) as quadratic_weighted_kappa,
        avg(predicted - actual order by area) as bias
    from tested
    group by feature_set, district
),

-- Of a number, one is never right to the last digit.
scores as (
    select
        feature_set,
        district,
        areas,
        case when kind = 'classes' then hits end as accuracy,
        case
            when kind = 'classes' then wilson_bound(hits, areas, -1)
        end as accuracy_low,
        case
            when kind = 'classes' then wilson_bound(hits, areas, 1)
        end as accuracy_high,
        case when kind = 'classes' then floor_hits end as floor_accuracy,
        label_error,
        floor_label_error,
        quadratic_weighted_kappa,
        bias
    from counted
)

select * from scores
