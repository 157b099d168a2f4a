-- One row: one line of what a run prints at its end.
with areas_line as (
    select
        1 as line,
        'areas' as topic,
        format(
            '{:,} in the file, {:,} with all {} dimensions ({} to {})',
            count(*),
            (select count(*) from embeddings),
            (select count(*) from dimensions),
            (select min_by(column_name, dimension) from dimensions),
            (select max_by(column_name, dimension) from dimensions)
        ) as text
    from areas
),

boundary_line as (
    select
        2 as line,
        'boundaries' as topic,
        format(
            '{:,} invalid polygons repaired', count(*) filter (where was_repaired)
        ) as text
    from areas
    having count(*) filter (where was_repaired) > 0
),

match_lines as (
    select
        3 as line,
        'without a match' as topic,
        format('{:,} of the {:,} codes of the ', unmatched, areas) || file
        || ' file (' || examples
        || case when unmatched > 3 then ', …)' else ')' end as text
    from id_matches
    where unmatched > 0
),

column_lines as (
    select
        3 as line,
        'columns' as topic,
        column_name || ' is called ' || variable || ' in the results' as text
    from used_columns
    where variable <> column_name
),

left_out_lines as (
    select
        4 as line,
        'left out' as topic,
        format('{:,}: {} (', count(*), reason)
        || first_three(list(area order by area)) || ')' as text
    from left_out
    group by reason
),

cluster_lines as (
    select
        5 as line,
        'cluster ' || cluster_summary.cluster as topic,
        format(
            '{}: {:,} areas ({:.1f} %), most typical: {}',
            cluster_summary.name,
            cluster_summary.areas,
            cluster_summary.share_of_areas,
            coalesce(representative_areas.area_name, representative_areas.area)
        )
        || coalesce(
            format(
                '; mean {} {:.1f}', getvariable('target'), cluster_summary.target_mean
            ),
            '; no area has a value of ' || getvariable('target')
            || ', so its name says little'
        ) as text
    from cluster_summary
    inner join representative_areas
        on
            cluster_summary.cluster = representative_areas.cluster
            and representative_areas.rank = 1
),

metric_line as (
    select
        5 as line,
        'metric' as topic,
        format(
            'clusters by {}; those by {} agree with them to {:.2f} (adjusted Rand '
            || 'index, 1 is the same)',
            getvariable('embedding_metric'), other_metric, adjusted_rand
        ) as text
    from metric_agreement
),

mix_line as (
    select
        5 as line,
        'mix' as topic,
        format(
            'mean embeddings are {:.2f} to {:.2f} long, {:.2f} in the middle; the '
            || 'shorter, the more mixed an area is',
            min(mix), max(mix), median(mix)
        ) as text
    from mixes
),

-- Then no fold is unseen: neighbours of every area stand in the training.
blocks_line as (
    select
        5 as line,
        'blocks' as topic,
        format(
            'each of the {:,} blocks is one area: block_by = {} keeps no areas '
            || 'together; try block_by=location',
            count(*),
            getvariable('block_by')
        ) as text
    from blocks
    having count(*) > 1 and count(distinct block) = count(*)
),

forest_names as (
    select
        unnest(['socioeconomic', 'embeddings', 'both']) as feature_set,
        unnest(
            ['predictors alone', 'embeddings alone', 'both together']
        ) as topic,
        unnest([6, 7, 8]) as line
),

-- What the folds of blocks may be called.
held_out as (
    select
        case when bool_and(is_unseen) then 'unseen blocks' else 'blocks' end as name,
        bool_and(is_unseen) as is_unseen,
        100 * sum(areas_touching) / sum(areas_tested) as touching_share
    from fold_contacts
    where validation = 'blocked'
),

forest_lines as (
    select
        forest_names.line,
        forest_names.topic,
        -- Of numbers there is no accuracy, so that line is null and the other told.
        coalesce(format(
            'forest accuracy {:.3f} ({:.3f} to {:.3f}) on a single split, {:.3f} ± '
            || '{:.3f} on random folds, {:.3f} ± {:.3f} on {} folds of {}; label error '
            || '{:.2f} there, {:.2f} by the median',
            single.accuracy,
            single.accuracy_low,
            single.accuracy_high,
            random.accuracy,
            random.accuracy_spread,
            blocked.accuracy,
            blocked.accuracy_spread,
            blocked.forests,
            held_out.name,
            blocked.label_error,
            blocked.median_label_error
        ), format(
            'forest R² {:.3f} on a single split, {:.3f} ± {:.3f} on random folds, '
            || '{:.3f} ± {:.3f} on {} folds of {}; mean absolute error {:.3g} there, '
            || 'rank correlation {:.2f}',
            single.r_squared,
            random.r_squared,
            random.r_squared_spread,
            blocked.r_squared,
            blocked.r_squared_spread,
            blocked.forests,
            held_out.name,
            blocked.label_error,
            blocked.rank_correlation
        )) as text
    from forest_names
    inner join forest_scores as single
        on
            forest_names.feature_set = single.feature_set
            and single.validation = 'single_split'
    inner join forest_scores as random
        on
            forest_names.feature_set = random.feature_set
            and random.validation = 'random'
    inner join forest_scores as blocked
        on
            forest_names.feature_set = blocked.feature_set
            and blocked.validation = 'blocked'
    cross join held_out
),

floor_line as (
    select
        9 as line,
        'without forests' as topic,
        coalesce(
            format(
                'the most frequent class alone: accuracy {:.3f}, label error {:.2f}; '
                || 'a straight line through both together: {:.3f}, {:.2f}',
                floor_accuracy,
                floor_label_error,
                ordinal_accuracy,
                ordinal_label_error
            ),
            format(
                'the median alone: mean absolute error {:.3g}; a straight line '
                || 'through both together: {:.3g}',
                floor_label_error, ordinal_label_error
            )
        ) as text
    from forest_scores
    where validation = 'blocked' and feature_set = 'both'
),

contacts_line as (
    select
        10 as line,
        'contacts' as topic,
        format('{:.1f} % of the test areas touch an area that trains', touching_share)
        || case
            when is_unseen then ''
            else
                ', too many to call them unseen: set block_by = location, fewer '
                || 'location_blocks or a block_buffer'
        end as text
    from held_out
),

leakage_lines as (
    select
        11 as line,
        'leak' as topic,
        coalesce(
            format(
                '{}: neighbours that train are worth {:+.3f} of accuracy (random '
                || 'folds against blocks)',
                forest_leakage.feature_set, forest_leakage.leakage
            ),
            format(
                '{}: neighbours that train are worth {:.3g} of mean absolute error '
                || '(random folds against blocks)',
                forest_leakage.feature_set, forest_leakage.label_error_leakage
            )
        ) as text
    from forest_leakage
),

gain_lines as (
    select
        12 as line,
        'gain' as topic,
        format(
            '{} over {}: {} {:+.3f} ± {:.3f} on {}, better in {} of {} folds',
            differences.feature_set,
            differences.baseline,
            if(target_kinds.kind = 'classes', 'accuracy', 'R²'),
            differences.difference,
            differences.spread,
            held_out.name,
            differences.folds_better,
            differences.folds
        ) as text
    from forest_differences as differences
    cross join held_out
    cross join target_kinds
    where
        differences.validation = 'blocked'
        and differences.measure
        = if(target_kinds.kind = 'classes', 'accuracy', 'r_squared')
),

error_lines as (
    select
        13 as line,
        'errors' as topic,
        format(
            '{}: Moran''s I of the errors on {} is {:.2f} ({})',
            residuals.feature_set,
            held_out.name,
            residuals.morans_i,
            case
                when residuals.p_value < 0.001 then 'p < 0.001'
                else format('p = {:.3f}', residuals.p_value)
            end
        ) as text
    from residual_autocorrelation as residuals
    cross join held_out
    where residuals.validation = 'blocked' and residuals.morans_i is not null
),

help_line as (
    select
        14 as line,
        'embeddings' as topic,
        text
    from forest_verdict
),

kind_line as (
    select
        5 as line,
        'target' as topic,
        getvariable('target')
        || case
            when kind = 'classes'
                then format(' is ordered classes ({:,} of them)', distinct_values)
            else format(' is a number ({:,} distinct values)', distinct_values)
        end as text
    from target_kinds
),

words_line as (
    select
        15 as line,
        'words' as topic,
        text
    from words_notice
),

all_lines as (
    select * from areas_line
    union all
    select * from boundary_line
    union all
    select * from match_lines
    union all
    select * from column_lines
    union all
    select * from left_out_lines
    union all
    select * from cluster_lines
    union all
    select * from metric_line
    union all
    select * from mix_line
    union all
    select * from blocks_line
    union all
    select * from kind_line
    union all
    select * from forest_lines
    union all
    select * from floor_line
    union all
    select * from contacts_line
    union all
    select * from leakage_lines
    union all
    select * from gain_lines
    union all
    select * from error_lines
    union all
    select * from help_line
    union all
    select * from words_line
)

select * from all_lines
