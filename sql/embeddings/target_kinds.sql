-- One row: whether the target is ordered classes or a number.
with targets as (
    select columns(lambda c: c = own_name(getvariable('target'))) as target
    from forest_inputs
),

counted as (
    select
        count(distinct target) as distinct_values,
        coalesce(bool_and(target = round(target)), true) as are_whole
    from targets
),

told as (
    select
        case
            when getvariable('target_kind') <> 'auto' then getvariable('target_kind')
            when are_whole and distinct_values <= 20 then 'classes'
            else 'number'
        end as kind,
        distinct_values
    from counted
)

select * from told
