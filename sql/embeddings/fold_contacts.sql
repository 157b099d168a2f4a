-- One row: one fold and how many of its test areas touch an area that trains.
with tested as (
    select
        'blocked' as validation,
        area,
        fold
    from forest_splits
    union all
    select
        'random' as validation,
        area,
        random_fold as fold
    from forest_splits
),

dropped as (
    select
        'blocked' as validation,
        fold,
        area
    from fold_buffers
),

touched as (
    select distinct
        tested.validation,
        tested.fold,
        tested.area
    from neighbours
    inner join tested on neighbours.area = tested.area
    inner join tested as others
        on
            tested.validation = others.validation
            and neighbours.neighbour = others.area
            and tested.fold <> others.fold
    left join dropped
        on
            tested.validation = dropped.validation
            and tested.fold = dropped.fold
            and others.area = dropped.area
    where neighbours.touches and dropped.area is null
),

dropped_counts as (
    select
        validation,
        fold,
        count(*) as areas
    from dropped
    group by validation, fold
),

counted as (
    select
        tested.validation,
        tested.fold,
        count(*) as areas_tested,
        count(touched.area) as areas_touching,
        any_value(coalesce(dropped_counts.areas, 0)) as areas_dropped
    from tested
    left join touched
        on
            tested.validation = touched.validation
            and tested.fold = touched.fold
            and tested.area = touched.area
    left join dropped_counts
        on
            tested.validation = dropped_counts.validation
            and tested.fold = dropped_counts.fold
    group by tested.validation, tested.fold
),

-- A validation is called unseen by all its folds together.
shares as (
    select
        *,
        100 * areas_touching / areas_tested as touching_share,
        100 * sum(areas_touching) over same / sum(areas_tested) over same <= 25
        and validation = 'blocked' as is_unseen
    from counted
    window same as (partition by validation)
)

select * from shares
