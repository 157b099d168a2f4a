-- One row: one line of what a run prints at its end.
with counts as (
    select
        max(records) filter (where outcome = 'all records') as all_records,
        case
            when bool_or(outcome in ('matched', 'other outcomes'))
                then max(records) filter (where outcome = 'matched')
            when count(*) > 0 then 0
        end as matched,
        format('fewer than {}', getvariable('smallest_count')) as too_few
    from shown_summary
),

matched_line as (
    select
        1 as line,
        'records' as topic,
        case
            when all_records is null then coalesce(format('{:,}', matched), too_few)
            when matched is null then format('{:,}, of which {}', all_records, too_few)
            else format(
                '{:,}, of which {:,} ({:.1f} %)',
                all_records,
                matched,
                100 * matched / all_records
            )
        end
        || ' lie in a classified area of the region'
        || if(all_records is null, format(', {} don''t', too_few), '') as text
    from counts
),

reason_lines as (
    select
        2 as line,
        'unmatched' as topic,
        format('{}: {:,}', outcome, records) as text
    from shown_summary
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
