-- One row: one bar of one variable's histogram, before (published) or after (scaled).
-- Many areas share a value, which then finds its bar once.
with both_stages as (
    select
        variable,
        'published' as stage,
        value,
        count(*) as areas
    from (
        unpivot region_variables
        on columns(* exclude (area)) into name variable value value
    )
    group by all
    union all
    select
        variable,
        'scaled' as stage,
        value,
        count(*) as areas
    from (
        unpivot scaled_variables
        on columns(* exclude (area)) into name variable value value
    )
    group by all
),

ranges as (
    select
        variable,
        stage,
        min(value) as lowest,
        (max(value) - min(value)) / 20 as width
    from both_stages
    group by variable, stage
),

-- The largest value belongs to the last bar; a constant fills one bar without width.
numbered as (
    select
        both_stages.variable,
        both_stages.stage,
        both_stages.areas,
        ranges.lowest,
        ranges.width,
        case
            when ranges.width = 0 then 1
            else least(
                floor((both_stages.value - ranges.lowest) / ranges.width) + 1, 20
            )
        end::integer as bar
    from both_stages
    inner join ranges
        on
            both_stages.variable = ranges.variable
            and both_stages.stage = ranges.stage
),

bars as (
    select
        variable,
        stage,
        bar,
        any_value(lowest + (bar - 1) * width) as lower_bound,
        any_value(lowest + bar * width) as upper_bound,
        sum(areas)::bigint as areas
    from numbered
    group by variable, stage, bar
)

select * from bars
