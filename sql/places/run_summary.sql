-- One row: one line of what a run prints at its end.
with listed as (
    select
        kind,
        count(*) as listed_areas
    from lookup
    group by kind
),

place_lines as (
    select
        1 as line,
        dominant_classes.kind as topic,
        format(
            '{:,} places of {:,} areas; {:,} areas of the lookup have no class',
            count(*),
            sum(dominant_classes.areas)::bigint,
            any_value(listed.listed_areas) - sum(dominant_classes.areas)::bigint
        ) as text
    from dominant_classes
    inner join listed on dominant_classes.kind = listed.kind
    where dominant_classes.level = 1
    group by dominant_classes.kind
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
