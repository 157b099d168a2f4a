-- One row: one pair of areas on one level, their classes before and after.
with levels as (
    select
        pairs.area_before,
        pairs.area,
        pairs.weight,
        unnest(placed_before.classes) as class_before,
        unnest(placed_after.classes) as class_after,
        generate_subscripts(placed_after.classes, 1) as level
    from pairs
    inner join placed_before on pairs.area_before = placed_before.area
    inner join placed_after on pairs.area = placed_after.area
),

judged as (
    select
        *,
        class_before <> class_after as has_moved
    from levels
)

select * from judged
