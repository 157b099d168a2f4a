-- One row: one line of what a run prints at its end.
with pair_line as (
    select
        1 as line,
        'areas' as topic,
        format(
            '{:,} after, from {:,} before',
            count(distinct area),
            count(distinct area_before)
        ) as text
    from pairs
),

unpaired_lines as (
    select
        2 as line,
        'without counterpart' as topic,
        format('{:,} only {}', count(*), only_in) as text
    from unpaired
    group by only_in
),

level_lines as (
    select
        2 + level as line,
        format('level {}', level) as topic,
        format(
            '{:,.0f} of {:,.0f} areas moved ({:.1f} %)',
            coalesce(exact_sum(if(has_moved, weight, null)), 0),
            exact_sum(weight),
            100 * coalesce(exact_sum(if(has_moved, weight, null)), 0)
            / exact_sum(weight)
        ) as text
    from moves
    group by level
),

all_lines as (
    select * from pair_line
    union all
    select * from unpaired_lines
    union all
    select * from level_lines
)

select * from all_lines
