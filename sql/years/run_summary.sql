-- One row: one line of what a run prints at its end.
with areas_line as (
    select
        1 as line,
        'areas' as topic,
        format(
            '{:,} in both years, with {} dimensions ({} to {})',
            (select count(*) from changes),
            count(*),
            min_by(column_name, place),
            max_by(column_name, place)
        ) as text
    from dimensions
),

unpaired_lines as (
    select
        2 as line,
        'without an angle' as topic,
        format('{:,}: {} (', count(*), reason)
        || first_three(list(area order by area)) || ')' as text
    from unpaired
    group by reason
),

alone_line as (
    select
        2 as line,
        'alone' as topic,
        format(
            '{:,} areas touch no other: they are held against the median of all',
            count(*)
        ) as text
    from changes
    where neighbours = 0
    having count(*) > 0
),

angle_line as (
    select
        3 as line,
        'angles' as topic,
        case
            when max(angle) = 0
                then
                    'the two files hold the same embeddings: no area differs '
                    || 'between them'
            else format(
                'areas are {:.1f}° from themselves in the middle, {:.1f}° at most; '
                || 'random pairs of them {:.1f}° from each other',
                median(angle),
                max(angle),
                (select median(pair_angles.angle) from pair_angles)
            )
        end as text
    from changes
),

changed_line as (
    select
        4 as line,
        'changed' as topic,
        format(
            '{:,} of {:,} areas: beyond their neighbours by {:g} robust standard '
            || 'deviations, and farther from themselves than {:g} % of random pairs '
            || '({:.1f}°)',
            count(*) filter (where has_changed),
            count(*),
            getvariable('changed_z')::double,
            getvariable('changed_share')::double,
            (
                select
                    quantile_cont(
                        pair_angles.angle, getvariable('changed_share') / 100
                    )
                from pair_angles
            )
        )
        || coalesce(
            '; most: '
            || first_three(
                list(area order by -angle, area) filter (where has_changed)
            ),
            ''
        ) as text
    from changes
),

cluster_lines as (
    select
        5 as line,
        'change ' || change_cluster as topic,
        format('{:,} areas, {:.1f}° on average; ', areas, mean_angle)
        || moved_most as text
    from change_summary
),

too_few_line as (
    select
        5 as line,
        'changes' as topic,
        format(
            'not clustered: {:,} changed areas are fewer than change_clusters = {}',
            count(*),
            getvariable('change_clusters')
        ) as text
    from changes
    where has_changed
    having count(*) < getvariable('change_clusters')
),

moved_line as (
    select
        6 as line,
        'clusters' as topic,
        format(
            'scored by the {} clusters of the earlier year, {:,} areas are in '
            || 'another one in the later; {:,} of these have changed',
            (select count(*) from frozen_clusters),
            coalesce(sum(areas), 0)::bigint,
            coalesce(sum(changed_areas), 0)::bigint
        ) as text
    from cluster_moves
    where cluster <> cluster_before
),

all_lines as (
    select * from areas_line
    union all
    select * from unpaired_lines
    union all
    select * from alone_line
    union all
    select * from angle_line
    union all
    select * from changed_line
    union all
    select * from cluster_lines
    union all
    select * from too_few_line
    union all
    select * from moved_line
)

select * from all_lines
