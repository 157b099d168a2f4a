-- One row: one area of one scoring that has no counterpart in the other.
with alone as (
    select
        area,
        'before' as only_in
    from placed_before
    anti join pairs on placed_before.area = pairs.area_before
    union all
    select
        area,
        'after' as only_in
    from placed_after
    anti join pairs on placed_after.area = pairs.area
)

select * from alone
