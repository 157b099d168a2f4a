-- One row: one sentence of advice on the number of clusters, never a choice.
with measures as (
    select
        k,
        'silhouette' as measure,
        silhouette as value,
        silhouette_error as error
    from k_evidence
    union all
    select
        k,
        'Calinski–Harabasz' as measure,
        calinski_harabasz as value,
        calinski_harabasz_error as error
    from k_evidence
    union all
    select
        k,
        'Davies–Bouldin' as measure,
        -davies_bouldin as value,
        davies_bouldin_error as error
    from k_evidence
    union all
    select
        k,
        'stability' as measure,
        stability as value,
        stability_error as error
    from k_evidence
    union all
    -- How sharply the fall of the inertia bends.
    select
        k,
        'elbow' as measure,
        inertia_fall - lead(inertia_fall) over (order by k) as value,
        bend_error as error
    from k_evidence
),

-- The smallest and the largest k have but one neighbour and can't be peaks. What
-- another sample of areas could have turned round is no peak either.
compared as (
    select
        k,
        measure,
        value - error > lag(value) over neighbours
        and value - error > lead(value) over neighbours as is_peak
    from measures
    window neighbours as (partition by measure order by k)
),

peaks as (
    select
        k,
        count(*) as measures,
        string_agg(measure, ', ' order by measure) as names
    from compared
    where is_peak
    group by k
),

peak_line as (
    select
        1 as line,
        case
            when count(*) = 0
                then
                    'No k is better than both its neighbours, beyond one standard '
                    || 'error, by two measures or more.'
            else
                'k = ' || string_agg(k, ', ' order by k)
                || case when count(*) = 1 then ' stands' else ' stand' end
                || ' out, better than both neighbours by two measures or more, beyond '
                || 'one standard error: '
                || string_agg(k || ' by ' || names, '; ' order by k) || '.'
        end as text
    from peaks
    where measures >= 2
),

stability_line as (
    select
        2 as line,
        case
            when count(*) filter (where stability >= 0.8) = 0
                then format(
                    'No k comes back the same from other samples of areas (adjusted '
                    || 'Rand index 0.8 or more); k = {} comes closest with {:.2f}.',
                    arg_max(k, stability), max(stability)
                )
            else
                'Other samples of areas give the same clusters (adjusted Rand index '
                || '0.8 or more) for k = '
                || string_agg(
                    k || ' (' || format('{:.2f}', stability) || ')', ', ' order by k
                ) filter (where stability >= 0.8)
                || '.'
        end as text
    from k_evidence
    having count(stability) > 0
),

gap_line as (
    select
        3 as line,
        case
            when bool_or(gap_suffices)
                then format(
                    'The gap statistic first suffices at k = {}.',
                    min(k) filter (where gap_suffices)
                )
            else format(
                'The gap statistic still grows at k = {}: the areas form a continuum '
                || 'more than separate groups, and it names no k.',
                max(k)
            )
        end as text
    from k_evidence
    having count(gap) > 0
),

size_line as (
    select
        4 as line,
        format(
            'From k = {} on, the smallest cluster holds less than 2 % of the areas.',
            min(k)
        ) as text
    from k_evidence
    where smallest_share < 2
    having count(*) > 0
),

current_line as (
    select
        5 as line,
        format(
            'The parameter clusters is {}: silhouette {:.3f}, stability {:.2f} ± '
            || '{:.2f}, clusters of {:.1f} to {:.1f} % of the areas. The choice is '
            || 'yours: what can be named and used counts too.',
            k, silhouette, stability, stability_spread, smallest_share, largest_share
        ) as text
    from k_evidence
    where k = getvariable('clusters')
),

structure_line as (
    select
        6 as line,
        format(
            case
                when silhouette > 0.7
                    then 'A silhouette of {:.2f} means strong structure'
                when silhouette > 0.5
                    then 'A silhouette of {:.2f} means reasonable structure'
                when silhouette > 0.25
                    then
                        'A silhouette of {:.2f} means weak structure, which could be '
                        || 'artificial'
                else
                    'A silhouette of {:.2f} means no substantial structure: the '
                    || 'clusters cut a continuum, and areas near a border could as '
                    || 'well be on its other side'
            end
            || ' (Kaufman and Rousseeuw 1990).',
            silhouette
        ) as text
    from k_evidence
    where k = getvariable('clusters')
),

all_lines as (
    select * from peak_line
    union all
    select * from stability_line
    union all
    select * from gap_line
    union all
    select * from size_line
    union all
    select * from current_line
    union all
    select * from structure_line
)

select * from all_lines
where text is not null
