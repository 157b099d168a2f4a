-- One row: one actual and one predicted class and the test areas that fall so.
with of_classes as (
    select forest_predictions.*
    from forest_predictions
    inner join target_kinds on target_kinds.kind = 'classes'
),

classes as (
    select actual as class from of_classes
    union
    select predicted as class from of_classes
),

tests as (
    select distinct
        feature_set,
        validation
    from of_classes
),

-- Pairs that no area falls into belong to the matrix as well, with 0 areas.
pairs as (
    select
        tests.feature_set,
        tests.validation,
        actual.class as actual,
        predicted.class as predicted
    from tests
    cross join classes as actual
    cross join classes as predicted
),

counted as (
    select
        pairs.feature_set,
        pairs.validation,
        pairs.actual,
        pairs.predicted,
        count(predictions.area) as areas
    from pairs
    left join of_classes as predictions
        on
            pairs.feature_set = predictions.feature_set
            and pairs.validation = predictions.validation
            and pairs.actual = predictions.actual
            and pairs.predicted = predictions.predicted
    group by
        pairs.feature_set, pairs.validation, pairs.actual, pairs.predicted
),

shares as (
    select
        *,
        100 * areas / nullif(
            sum(areas) over (partition by feature_set, validation, actual), 0
        ) as share_of_actual
    from counted
)

select * from shares
