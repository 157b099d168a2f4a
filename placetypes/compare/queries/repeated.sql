-- One row: one area that has more than one class, the first by its code.
with counted as (
    select
        area,
        count(*) as times
    from other_classes
    group by area
)

select * from counted
where times > 1
order by area
limit 1
