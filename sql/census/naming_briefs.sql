-- One row: one cluster and what a prompt for its name tells of it, no area among it.
with members as (
    select
        'supergroup' as level,
        subgroups.supergroup as cluster,
        subgroups.area
    from census.subgroups
    union all
    select
        'subgroup' as level,
        subgroups.subgroup as cluster,
        subgroups.area
    from census.subgroups
),

sizes as (
    select
        members.level,
        members.cluster,
        count(*) as areas,
        sum(population.population)::bigint as population
    from members
    left join census.population on members.area = population.area
    group by members.level, members.cluster
),

lines as (
    select
        level,
        cluster,
        coalesce(domain, 'Without a domain') as domain,
        direction,
        max(abs(strength)) as strength,
        string_agg(
            format(
                '    {} {}: {:.1f}{}',
                variable,
                variable_name,
                index_score,
                coalesce(format(' ({}: {:.1f})', sibling, sibling_index_score), '')
            ),
            chr(10) order by rank
        ) as variables
    from census.distinctive_variables
    group by level, cluster, domain, direction
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
        profiles.variable,
        profiles.variable_name,
        profiles.index_score,
        siblings.index_score as sibling_index_score,
        row_number() over (
            partition by profiles.level, profiles.cluster
            order by
                abs(profiles.strength - siblings.strength) desc,
                profiles.variable asc
        ) as place
    from census.cluster_profiles as profiles
    inner join census.nearest_siblings
        on
            profiles.level = nearest_siblings.level
            and profiles.cluster = nearest_siblings.cluster
    inner join census.cluster_profiles as siblings
        on
            profiles.level = siblings.level
            and nearest_siblings.sibling = siblings.cluster
            and profiles.variable = siblings.variable
),

told_apart as (
    select
        level,
        cluster,
        sibling,
        string_agg(
            format(
                '    {} {}: {:.1f} against {:.1f}',
                variable, variable_name, index_score, sibling_index_score
            ),
            chr(10) order by place
        ) as variables
    from gaps
    where place <= 6
    group by level, cluster, sibling
),

briefs as (
    select
        sizes.level,
        regexp_extract(sizes.cluster, '^[A-Z]+') as supergroup,
        sizes.cluster,
        capitalised(sizes.level) || ' ' || sizes.cluster
        || format(': {:,} areas', sizes.areas)
        || format(' ({:.1f} % of the region)', 100 * sizes.areas / (
            select count(*) from census.subgroups
        ))
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
            chr(10) || 'What sets it apart from its nearest sibling '
            || told_apart.sibling || chr(10) || told_apart.variables,
            ''
        ) as brief
    from sizes
    left join domains
        on sizes.level = domains.level and sizes.cluster = domains.cluster
    left join told_apart
        on sizes.level = told_apart.level and sizes.cluster = told_apart.cluster
    group by
        sizes.level, sizes.cluster, sizes.areas, sizes.population,
        told_apart.sibling, told_apart.variables
)

select * from briefs
