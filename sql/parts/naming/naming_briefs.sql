-- One row: one cluster and what a prompt for its name tells of it, no area among it.
with sizes as (
    select
        level,
        family,
        cluster,
        count(*) as areas,
        sum(count(*)) over (partition by level) as all_areas,
        exact_sum(population)::bigint as population
    from cluster_members
    group by level, family, cluster
),

-- A code that is its own name says more with its meaning behind it.
labels as (
    select
        variable,
        variable || if(
            variable_name = variable, ' (' || phrase || ')', ' ' || variable_name
        ) as label
    from variable_words
),

lines as (
    select
        distinctive.level,
        distinctive.cluster,
        coalesce(distinctive.domain, 'Without a domain') as domain,
        distinctive.direction,
        max(abs(distinctive.strength)) as strength,
        string_agg(
            format(
                '    {}: {:.1f}{}{}',
                labels.label,
                distinctive.index_score,
                coalesce(
                    format(
                        ', {:.1f} % against {:.1f} %',
                        distinctive.share,
                        distinctive.overall_share
                    ),
                    ''
                ),
                coalesce(
                    format(
                        ' ({}: {:.1f})',
                        distinctive.sibling,
                        distinctive.sibling_index_score
                    ),
                    ''
                )
            ),
            chr(10) order by distinctive.rank
        ) as variables
    from distinctive_variables as distinctive
    inner join labels on distinctive.variable = labels.variable
    group by
        distinctive.level, distinctive.cluster,
        distinctive.domain, distinctive.direction
),

domains as (
    select
        level,
        cluster,
        domain,
        string_agg(
            case direction
                when 'above' then '  above 120' else '  below 80'
            end || chr(10) || variables,
            chr(10) order by direction
        ) as variables,
        max(strength) as strength
    from lines
    group by level, cluster, domain
),

-- What sets a cluster apart, whether or not it stands out from the region.
gaps as (
    select
        profiles.level,
        profiles.cluster,
        nearest_siblings.sibling,
        labels.label,
        profiles.index_score,
        siblings.index_score as sibling_index_score,
        row_number() over (
            partition by profiles.level, profiles.cluster
            order by
                abs(profiles.strength - siblings.strength) desc,
                profiles.variable asc
        ) as place
    from cluster_profiles as profiles
    inner join nearest_siblings
        on
            profiles.level = nearest_siblings.level
            and profiles.cluster = nearest_siblings.cluster
    inner join cluster_profiles as siblings
        on
            profiles.level = siblings.level
            and nearest_siblings.sibling = siblings.cluster
            and profiles.variable = siblings.variable
    inner join labels on profiles.variable = labels.variable
),

told_apart as (
    select
        level,
        cluster,
        sibling,
        string_agg(
            format(
                '    {}: {:.1f} against {:.1f}',
                label, index_score, sibling_index_score
            ),
            chr(10) order by place
        ) as variables
    from gaps
    where place <= 6
    group by level, cluster, sibling
),

-- What there is most of, whether or not it stands out.
commonest as (
    select
        shares.level,
        shares.cluster,
        string_agg(
            format(
                '    {}: {} ({:.1f} %)', shares.whole, labels.label, shares.share
            ),
            chr(10) order by shares.whole
        ) as variables
    from cluster_shares as shares
    inner join labels on shares.variable = labels.variable
    where shares.is_commonest
    group by shares.level, shares.cluster
),

-- As the workshop's prompt has them: every variable, scored on the scaled data.
all_scores as (
    select
        profiles.level,
        profiles.cluster,
        string_agg(
            format(
                '{}: {:.1f}',
                labels.label,
                coalesce(profiles.index_score_scaled, profiles.index_score)
            ),
            chr(10) order by profiles.variable
        ) as variables
    from cluster_profiles as profiles
    inner join labels on profiles.variable = labels.variable
    where coalesce(profiles.index_score_scaled, profiles.index_score) is not null
    group by profiles.level, profiles.cluster
),

briefs as (
    select
        sizes.level,
        sizes.family,
        sizes.cluster,
        capitalised(sizes.level) || ' ' || sizes.cluster
        || format(': {:,} areas', sizes.areas)
        || format(' ({:.1f} % of the region)', 100 * sizes.areas / sizes.all_areas)
        || coalesce(format(', {:,} residents', sizes.population), '')
        || chr(10)
        || coalesce(
            string_agg(
                domains.domain || chr(10) || domains.variables,
                chr(10) order by domains.strength desc, domains.domain asc
            ),
            '  no variable above 120 or below 80'
        )
        || coalesce(
            chr(10) || 'The commonest of each kind' || chr(10)
            || commonest.variables,
            ''
        )
        || coalesce(
            chr(10) || 'What sets it apart from its nearest sibling '
            || told_apart.sibling || chr(10) || told_apart.variables,
            ''
        ) as brief,
        capitalised(sizes.level) || ' ' || sizes.cluster
        || coalesce(chr(10) || all_scores.variables, '') as workshop_brief
    from sizes
    left join domains
        on sizes.level = domains.level and sizes.cluster = domains.cluster
    left join commonest
        on
            sizes.level = commonest.level
            and sizes.cluster = commonest.cluster
    left join all_scores
        on
            sizes.level = all_scores.level
            and sizes.cluster = all_scores.cluster
    left join told_apart
        on sizes.level = told_apart.level and sizes.cluster = told_apart.cluster
    group by
        sizes.level, sizes.family, sizes.cluster,
        sizes.areas, sizes.all_areas, sizes.population,
        commonest.variables, all_scores.variables,
        told_apart.sibling, told_apart.variables
)

select * from briefs
