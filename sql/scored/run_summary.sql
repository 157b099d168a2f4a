-- One row: one line of what a run prints at its end.
with area_line as (
    select
        1 as line,
        'areas' as topic,
        format('{:,} scored', count(*)) as text
    from positions
),

compared_variables as (
    select
        count(*) as wanted,
        count(used_variables.variable) as used,
        string_agg(
            model_variables.variable, ', ' order by model_variables.position
        ) filter (where used_variables.variable is null) as lacking
    from model_variables
    left join used_variables on model_variables.variable = used_variables.variable
),

variable_line as (
    select
        2 as line,
        'variables' as topic,
        format('{} of the model''s {}', used, wanted)
        || coalesce('; without ' || lacking, '') as text
    from compared_variables
),

gap_line as (
    select
        3 as line,
        'areas with gaps' as topic,
        format(
            '{:,} have no value of some variable, the fewest have {}',
            count(*),
            min(positions.variables_used)
        ) as text
    from positions
    cross join compared_variables
    where positions.variables_used < compared_variables.used
    having count(*) > 0
),

outside_line as (
    select
        4 as line,
        'outside the range' as topic,
        format(
            '{:,} values of {:,} areas, {}: see scored.outside',
            count(*),
            count(distinct area),
            if(any_value(is_clipped), 'clipped', 'kept as they are')
        ) as text
    from outside
    having count(*) > 0
),

agreement_lines as (
    select
        4 + level as line,
        'known ' || any_value(level_name) as topic,
        format(
            '{:.1f} % of {:,} areas have it; by quarter of the margin {} % '
            || '(expected: {} %)',
            any_value(agreement) filter (where margin_quarter = 'all'),
            any_value(areas) filter (where margin_quarter = 'all'),
            string_agg(format('{:.1f}', agreement), ', ' order by margin_quarter)
            filter (where margin_quarter <> 'all'),
            string_agg(
                format('{:.1f}', expected_agreement), ', ' order by margin_quarter
            ) filter (where margin_quarter <> 'all')
        ) as text
    from agreement
    group by level
),

all_lines as (
    select * from area_line
    union all
    select * from variable_line
    union all
    select * from gap_line
    union all
    select * from outside_line
    union all
    select * from agreement_lines
)

select * from all_lines
