-- One row: one line of what a run prints at its end.
with place_lines as (
    select
        1 as line,
        kind as topic,
        format(
            '{:,} places of {:,} areas; {:,} areas of the lookup have no class',
            count(*),
            sum(areas)::bigint,
            any_value(listed.areas_of_kind) - sum(areas)::bigint
        ) as text
    from dominant_classes
    inner join (
        select
            kind,
            count(*) as areas_of_kind
        from lookup
        group by kind
    ) as listed using (kind)
    where level = 1
    group by kind
),

level_lines as (
    select
        1 + level as line,
        format('{}, {}', kind, any_value(level_name)) as topic,
        format(
            'in {:,} of {:,} places ({:.0f} %) fewer than half of the residents live'
            || ' in the dominant class',
            count(*) filter (where not is_majority),
            count(*),
            100 * count(*) filter (where not is_majority) / count(*)
        ) as text
    from dominant_classes
    group by kind, level
),

outline_line as (
    select
        99 as line,
        'boundaries' as topic,
        format('{:,} places have one', count(*)) as text
    from place_outlines
    having count(*) > 0
),

all_lines as (
    select * from place_lines
    union all
    select * from level_lines
    union all
    select * from outline_line
)

select * from all_lines
