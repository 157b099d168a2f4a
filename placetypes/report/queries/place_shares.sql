-- One row: one tenth of the range of shares, and the places whose dominant class has
-- such a one.
with tenths as (
    select
        kind,
        level,
        10 * least(floor(dominant_share / 10), 9) as lower_bound
    from dominant_classes
    where dominant_share is not null
),

counted as (
    select
        kind,
        level,
        lower_bound,
        lower_bound + 10 as upper_bound,
        count(*) as places
    from tenths
    group by kind, level, lower_bound
)

select * from counted
order by kind, level, lower_bound
