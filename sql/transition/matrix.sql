-- One row: the areas of one class before and one after, on one level.
with counted as (
    select
        level,
        class_before,
        class_after,
        exact_sum(weight) as areas
    from moves
    group by level, class_before, class_after
),

shares as (
    select
        *,
        100 * areas
        / sum(areas::decimal(38, 15)) over (partition by level, class_before)
            as share_of_before,
        100 * areas
        / sum(areas::decimal(38, 15)) over (partition by level, class_after)
            as share_of_after
    from counted
)

select * from shares
