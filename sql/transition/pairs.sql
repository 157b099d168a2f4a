-- One row: one area of the later scoring and one of the earlier that it comes from.
with changed as (
    select
        area_before,
        area,
        weight / sum(weight::decimal(38, 15)) over (partition by area) as weight
    from area_changes
    where weight > 0
),

-- An area that the list of changes doesn't name keeps its code.
unchanged as (
    select
        area as area_before,
        area,
        1.0 as weight
    from placed_after
    anti join changed on placed_after.area = changed.area
),

paired as (
    select * from changed
    union all
    select * from unchanged
),

known as (
    select paired.*
    from paired
    semi join placed_before on paired.area_before = placed_before.area
    semi join placed_after on paired.area = placed_after.area
)

select * from known
