-- One row: one outcome whose count may be shown, all others together, or all records.
with outcomes as (
    select
        coalesce(reason, 'matched') as outcome,
        count(*) as records
    from placed
    group by reason
),

-- How many are matched is told where classes are: it can't be hidden beside them.
ordered as (
    select
        *,
        outcome = 'matched' and records >= getvariable('smallest_count')
            as is_told_anyway
    from outcomes
),

-- As for classes: beside a hidden count the next larger is hidden too, until those
-- hidden amount to enough.
judged as (
    select
        *,
        is_told_anyway
        or (
            records >= getvariable('smallest_count')
            and coalesce(
                sum(records::bigint) over (
                    partition by is_told_anyway
                    order by records asc, outcome asc
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) not between 1 and getvariable('smallest_count') - 1
        ) as is_shown
    from ordered
),

grouped as (
    select
        if(is_shown, outcome, 'other outcomes') as outcome,
        sum(records::bigint) as records
    from judged
    group by if(is_shown, outcome, 'other outcomes')
),

hidden as (
    select coalesce(sum(records::bigint), 0) as records
    from judged
    where not is_shown
),

totals as (
    select sum(outcomes.records::bigint) as records
    from outcomes
    cross join hidden
    where hidden.records not between 1 and getvariable('smallest_count') - 1
    having count(*) > 0
),

-- Where the hidden ones are too few even together, so is what a total would leave.
shown as (
    select
        'all records' as outcome,
        records
    from totals
    union all
    select
        outcome,
        records
    from grouped
    where outcome <> 'other outcomes' or exists (from totals)
),

shares as (
    select
        outcome,
        records::bigint as records,
        100 * records / (select totals.records from totals) as share
    from shown
)

select * from shares
