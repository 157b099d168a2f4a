-- One row: one line of what a run prints at its end.
with matched_line as (
    select
        1 as line,
        'records' as topic,
        format(
            '{:,}, of which {:,} ({:.1f} %) lie in a classified area of the region',
            records,
            coalesce((
                select inside.records from record_summary as inside
                where inside.outcome = 'matched'
            ), 0),
            coalesce((
                select inside.share from record_summary as inside
                where inside.outcome = 'matched'
            ), 0)
        ) as text
    from record_summary
    where outcome = 'all records'
),

reason_lines as (
    select
        2 as line,
        'unmatched' as topic,
        case
            when records < getvariable('smallest_count')
                then format('{}: fewer than {}', outcome, getvariable('smallest_count'))
            else format('{}: {:,}', outcome, records)
        end as text
    from record_summary
    where outcome not in ('all records', 'matched')
),

class_lines as (
    select
        3 as line,
        format('{} {}', level_name, class) as topic,
        concat_ws(
            ': ',
            class_name,
            format(
                'index {:.0f} ({:.0f} to {:.0f}), {:.1f} % of the records,'
                || ' {:.1f} % of the base, z {:.1f}: {}',
                index_score,
                index_low,
                index_high,
                share,
                base_share,
                z,
                plan
            )
        ) as text
    from shown_profile
    where level = 1 and class is not null and index_score is not null
),

hidden_lines as (
    select
        4 as line,
        'the others' as topic,
        format(
            '{} of {} {}s hold, or would give away, fewer than {} records',
            classes,
            sum(classes) over (),
            level_name,
            getvariable('smallest_count')
        ) as text,
        class
    from shown_profile
    where level = 1
),

all_lines as (
    select * from matched_line
    union all
    select * from reason_lines
    union all
    select * from class_lines
    union all
    select
        line,
        topic,
        text
    from hidden_lines
    where class is null
)

select * from all_lines
