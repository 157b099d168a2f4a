-- One row: one line of what a run prints at its end.
with table_lines as (
    select
        1 as line,
        'tables' as topic,
        format(
            '{}: {} ({})',
            country,
            count(*),
            string_agg(table_name, ', ' order by table_name)
        ) as text
    from topic_tables
    group by country
),

empty_line as (
    select
        1 as line,
        'tables without areas' as topic,
        format(
            '{}: {}', count(*), string_agg(table_name, ', ' order by table_name)
        ) as text
    from topic_files
    where not has_areas
    having count(*) > 0
),

area_lines as (
    select
        2 as line,
        'areas' as topic,
        string_agg(format('{}: {:,}', country, areas), '; ' order by country) as text
    from (
        select
            country,
            count(*) as areas
        from areas
        where tables = tables_of_country
        group by country
    ) as complete
),

left_out_line as (
    select
        3 as line,
        'left out' as topic,
        format('{:,}: {} (', count(*), reason)
        || first_three(list(area order by area)) || ')' as text
    from left_out
    group by reason
),

variable_line as (
    select
        4 as line,
        'variables' as topic,
        format(
            '{} of {} defined', count(*), (
                select count(distinct definitions.variable)
                from definitions
                where definitions.kind <> 'count'
            )
        ) as text
    from census_variable_lookup
),

missing_lines as (
    select
        5 as line,
        'variables missing' as topic,
        format(
            '{}, {}: {}',
            country,
            reason,
            string_agg(variable, ', ' order by variable)
        ) as text
    from missing_variables
    group by country, reason
),

above_line as (
    select
        6 as line,
        'shares above 100' as topic,
        format(
            '{} of {} families in up to {:,} areas: see national.family_sums',
            count(*) filter (where areas_above > 0),
            count(*),
            max(areas_above)
        ) as text
    from family_sums
    having max(areas_above) > 0
),

all_lines as (
    select * from table_lines
    union all
    select * from empty_line
    union all
    select * from area_lines
    union all
    select * from left_out_line
    union all
    select * from variable_line
    union all
    select * from missing_lines
    union all
    select * from above_line
)

select * from all_lines
