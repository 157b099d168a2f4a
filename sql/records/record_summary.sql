-- One row: the records matched, those left out for one reason, or all of them.
with counted as (
    select
        case
            when grouping(reason) = 1 then 'all records'
            else coalesce(reason, 'matched')
        end as outcome,
        count(*) as records,
        exact_sum(weight) as weight
    from placed
    group by grouping sets ((reason), ())
),

shares as (
    select
        *,
        100 * records / max(records) over () as share
    from counted
)

select * from shares
