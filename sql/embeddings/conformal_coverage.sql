-- One row: one feature set: how often its sets hold the target of held-out blocks.
with by_fold as (
    select
        feature_set,
        fold,
        avg(is_covered::integer) as coverage
    from conformal_sets
    group by feature_set, fold
),

extremes as (
    select
        feature_set,
        min(coverage) as lowest_fold,
        max(coverage) as highest_fold
    from by_fold
    group by feature_set
),

overall as (
    select
        feature_set,
        count(*) as areas,
        avg(is_covered::integer) as coverage,
        avg(size order by area) as mean_size
    from conformal_sets
    group by feature_set
),

told as (
    select
        overall.feature_set,
        overall.areas,
        getvariable('set_coverage')::double as asked_for,
        overall.coverage,
        extremes.lowest_fold,
        extremes.highest_fold,
        overall.mean_size
    from overall
    inner join extremes on overall.feature_set = extremes.feature_set
)

select * from told
