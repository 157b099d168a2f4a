-- One row: one line of what a run prints at its end.
with districts_line as (
    select
        1 as line,
        'region' as topic,
        any_value(region_name.region)
        || case
            when getvariable('region') = 'all' then ': every area of the census file'
            else format(
                ': {} of {} district codes found',
                count(*) filter (where has_boundary),
                count(region_districts.district)
            )
        end
        || coalesce(
            '; no district bears '
            || string_agg(district, ', ' order by district)
            filter (where not has_boundary),
            ''
        ) as text
    from region_name
    left join region_districts on true
),

-- What the page shows beside the title.
empty_districts_line as (
    select
        1 as line,
        'warning' as topic,
        format(
            'no areas in {} of the {} districts: {}; the result speaks of the others',
            count(*) filter (where areas = 0),
            count(*),
            string_agg(
                coalesce(district_name || ' (' || district || ')', district),
                ', '
                order by district
            ) filter (where areas = 0)
        ) as text
    from district_areas
    having count(*) filter (where areas = 0) > 0
),

areas_line as (
    select
        2 as line,
        'areas in' as topic,
        format('{:,}', count(*))
        || case
            when getvariable('region') = 'all' then ' in all'
            else ' by ' || getvariable('region_rule')
        end
        || case
            when
                getvariable('region_rule') = 'intersects'
                and getvariable('region') <> 'all'
                then format(
                    ', of which {:,} have their interior point outside',
                    count(*) filter (where not is_inside)
                )
            else ''
        end as text
    from region_areas
),

left_out_lines as (
    select
        3 as line,
        'left out' as topic,
        format('{:,}: {} (', count(*), reason)
        || first_three(list(area order by area)) || ')' as text
    from left_out
    group by reason
),

boundary_lines as (
    select
        4 as line,
        'boundaries' as topic,
        case
            when count(*) filter (where areas.area is null or areas.is_empty) > 0
                then format(
                    '{:,} areas are classified without a boundary; ',
                    count(*) filter (where areas.area is null or areas.is_empty)
                )
            else ''
        end
        || format(
            '{:,} invalid polygons repaired',
            count(*) filter (where areas.was_repaired)
        ) as text
    from region_variables
    left join areas on region_variables.area = areas.area
    having
        count(*) filter (
            where areas.area is null or areas.is_empty or areas.was_repaired
        ) > 0
),

variables_line as (
    select
        5 as line,
        'variables' as topic,
        format('{} in the data, {} cluster', count(*), (
            select count(*) from cluster_variables
        )) as text
    from variable_profile
),

left_out_variable_lines as (
    select
        6 as line,
        'variables left out' as topic,
        string_agg(variable, ', ' order by variable) || ': ' || reason as text
    from left_out_variables
    group by reason
),

unnamed_line as (
    select
        7 as line,
        'without a name' as topic,
        string_agg(variable, ', ' order by variable)
        || ': not in the variable lookup' as text
    from variable_profile
    where
        variable not in (
            select variable_lookup.variable from variable_lookup
        )
        and variable not in (
            select left_out_variables.variable from left_out_variables
        )
    having count(*) > 0
),

correlation_line as (
    select
        8 as line,
        'correlated' as topic,
        format(
            '{:,} pairs of variables above |r| = {}: see census.high_correlations',
            count(*), getvariable('correlation_threshold')
        ) as text
    from high_correlations
    having count(*) > 0
),

inputs_line as (
    select
        8 as line,
        'clusters on' as topic,
        getvariable('cluster_on') || coalesce(
            ', weighted '
            || nullif(
                array_to_string(
                    list_concat(
                        getvariable('variable_weights'), getvariable('domain_weights')
                    ),
                    ', '
                ),
                ''
            ),
            ''
        ) as text
    where
        getvariable('cluster_on') <> 'variables'
        or len(getvariable('variable_weights')) > 0
        or len(getvariable('domain_weights')) > 0
),

variance_line as (
    select
        8 as line,
        'variance' as topic,
        string_agg(
            format(
                '{} holds {:.1f} % of the variance, {:.1f} times an even share',
                variable, variance_share, variance_share / even_share
            ),
            '; '
            order by variance_share desc
        )
        || format(
            '; the three largest hold {:.1f} %',
            (
                select list_sum(max(weighting.variance_share, 3))
                from variable_weighting as weighting
            )
        )
        || ': see scaling and variable_weights' as text
    from variable_weighting
    where is_dominant
    having count(*) > 0
),

scaling_line as (
    select
        8 as line,
        'scaling' as topic,
        getvariable('scaling') || ' in place of the workshop''s min_max' as text
    where getvariable('scaling') <> 'min_max'
),

population_line as (
    select
        9 as line,
        'population' as topic,
        format(
            '{:,} areas have no population figure and are in no share of residents: '
            || 'see census.areas_without_population',
            sum(areas_without_population)::bigint
        ) as text
    from cluster_summary
    where level = 'supergroup'
    having sum(areas_without_population) > 0
),

supergroup_lines as (
    select
        10 as line,
        'supergroup ' || supergroups.cluster as topic,
        format(
            '{}: {}, {:.1f} %; {}; subgroups {}',
            any_value(supergroups.name),
            any_value(
                with_inside(supergroups.areas, 'areas', supergroups.areas_inside)
            ),
            any_value(supergroups.share_of_areas),
            coalesce(
                any_value(
                    with_inside(
                        supergroups.population,
                        'residents',
                        supergroups.population_inside
                    )
                ),
                'unknown residents'
            ),
            string_agg(
                subgroups.cluster || ' ' || subgroups.areas,
                ', '
                order by len(subgroups.cluster), subgroups.cluster
            )
        ) as text
    from cluster_summary as supergroups
    inner join cluster_summary as subgroups
        on supergroups.cluster = subgroups.parent
    group by supergroups.cluster
),

level_sizes as (
    select
        level,
        count(*) as clusters
    from hierarchy_clusters
    group by level
),

-- Two levels are told of above: supergroups and subgroups.
levels_line as (
    select
        11 as line,
        'levels' as topic,
        string_agg(clusters, ' / ' order by level) || case
            when count(*) = 1 then ' clusters on one level'
            else format(
                ' clusters on {} levels: see census.hierarchy_clusters', count(*)
            )
        end as text
    from level_sizes
    having count(*) <> 2
),

whole_lines as (
    select
        12 as line,
        'stays whole' as topic,
        format('{:,} of level {}: ', count(*), level)
        || first_three(
            list(cluster || ' (' || why_whole || ')' order by areas, cluster)
        )
        || if(count(*) > 3, ': see census.hierarchy_clusters', '') as text
    from hierarchy_clusters
    where stays_whole
    group by level
),

letters_line as (
    select
        13 as line,
        'letters' as topic,
        'kept, where the folder held a result before: each supergroup and subgroup has '
        || 'the letter of the one there with which it shares the most areas, so A '
        || 'need not be the largest' as text
    where getvariable('letters') = 'keep'
),

changes_line as (
    select
        13 as line,
        'changed' as topic,
        format(
            '{:,} areas are in another supergroup than in the result before',
            count(*)
        ) as text
    from supergroup_changes
    having count(*) > 0
),

names_line as (
    select
        14 as line,
        'names' as topic,
        format(
            '{} need review: python pipeline.py names review',
            string_agg(cluster, ', ' order by cluster)
        ) as text
    from cluster_names
    where status = 'needs_review'
    having count(*) > 0
),

words_line as (
    select
        15 as line,
        'words' as topic,
        text
    from words_notice
),

all_lines as (
    select * from districts_line
    union all
    select * from empty_districts_line
    union all
    select * from areas_line
    union all
    select * from left_out_lines
    union all
    select * from boundary_lines
    union all
    select * from variables_line
    union all
    select * from left_out_variable_lines
    union all
    select * from unnamed_line
    union all
    select * from correlation_line
    union all
    select * from inputs_line
    union all
    select * from scaling_line
    union all
    select * from variance_line
    union all
    select * from population_line
    union all
    select * from supergroup_lines
    union all
    select * from levels_line
    union all
    select * from whole_lines
    union all
    select * from letters_line
    union all
    select * from changes_line
    union all
    select * from names_line
    union all
    select * from words_line
)

select * from all_lines
