-- One row: one area of one forest's test: its actual and its predicted class.
with tested as (
    select
        feature_set,
        validation,
        fold,
        majority_class,
        median_class,
        unnest(predictions) as test
    from forests
),

spread_out as (
    select
        tested.test.area,
        tested.feature_set,
        tested.validation,
        tested.fold,
        tested.test.actual,
        tested.test.predicted,
        tested.test.probability,
        tested.test.predicted_median,
        tested.test.predicted_ordinal,
        tested.majority_class,
        tested.median_class
    from tested
)

select * from spread_out
