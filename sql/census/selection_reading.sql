-- One row: one sentence of advice on the variables, never a choice.
with redundant_line as (
    select
        1 as line,
        format(
            '{} of {} variables repeat others (|r| chains above {}); one of each '
            || 'group is enough: see census.redundancy_groups.',
            count(*) filter (where kept_variable <> variable),
            count(*),
            getvariable('redundancy_threshold')
        ) as text
    from variable_selection
),

component_line as (
    select
        2 as line,
        format(
            '{} principal components hold {:.0f} % of the variance; {} variables '
            || 'contribute more than evenly to them.',
            count(*),
            max(cumulative_share),
            (
                select count(*) filter (where is_proposed)
                from pca_selection
            )
        ) as text
    from pca_components
    where is_kept
),

score_lines as (
    select
        2 + place as line,
        format(
            'Clusters made from {} ({}) explain {:.1f} % of the variance of all '
            || 'variables; silhouette {:.3f}, adjusted Rand index with those made '
            || 'from all {:.2f}.',
            choice, inputs, explained_share, silhouette, adjusted_rand_index
        ) as text
    from selection_scores
),

carrying as (
    select *
    from variable_selection
    where areas_moved is not null
    order by share_moved desc, variable asc
    limit 3
),

carrying_line as (
    select
        8 as line,
        'Leaving out one of these moves most areas: '
        || string_agg(
            variable_name || ' (' || variable || ', '
            || format('{:.1f}', share_moved) || ' %)',
            '; '
            order by share_moved desc, variable asc
        )
        || '.' as text
    from carrying
    having count(*) > 0
),

spare_line as (
    select
        9 as line,
        'Three reasons or more speak for leaving out: '
        || string_agg(variable, ', ' order by variable) || '.' as text
    from variable_selection
    where reasons >= 3
    having count(*) > 0
),

all_lines as (
    select * from redundant_line
    union all
    select * from component_line
    union all
    select * from score_lines
    union all
    select * from carrying_line
    union all
    select * from spare_line
)

select * from all_lines
where text is not null
