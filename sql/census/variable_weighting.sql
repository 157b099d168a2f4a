-- One row: one variable that the clusters are made from, with its weight.
with settings as (
    select
        'variable_weights' as parameter,
        unnest(getvariable('variable_weights')) as setting
    union all
    select
        'domain_weights' as parameter,
        unnest(getvariable('domain_weights')) as setting
),

-- A domain's name may hold an equals sign: the last one counts.
parsed as (
    select
        parameter,
        setting,
        trim(regexp_extract(setting, '^(.*)=([^=]*)$', 1)) as name,
        try_cast(regexp_extract(setting, '^(.*)=([^=]*)$', 2) as double) as weight
    from settings
),

unreadable as (
    select string_agg(parameter || ': ' || setting, ', ' order by setting) as names
    from parsed
    where weight is null or weight <= 0 or isinf(weight) or isnan(weight)
),

unknown as (
    select string_agg(parameter || ': ' || name, ', ' order by name) as names
    from parsed
    where
        case parameter
            when 'variable_weights'
                then
                    name not in (
                        select cluster_variables.variable from cluster_variables
                    )
            else name not in (
                select variable_profile.domain
                from variable_profile
                inner join cluster_variables
                    on variable_profile.variable = cluster_variables.variable
                where variable_profile.domain is not null
            )
        end
),

known as (
    select
        coalesce(
            string_agg(distinct domain, ', ' order by domain), 'none'
        ) as names
    from variable_profile
),

repeated as (
    select string_agg(name, ', ' order by name) as names
    from (
        select parsed.name from parsed
        group by parsed.parameter, parsed.name
        having count(*) > 1
    ) as twice
),

checked as (
    select *
    from unreadable, unknown, repeated, known
    where
        case
            when unreadable.names is not null
                then error(
                    'A weight is written NAME=NUMBER with a number above 0, such as '
                    || 'v01=2; this is not: ' || unreadable.names || '.'
                )
            when unknown.names is not null
                then error(
                    'A weight is given to what the clusters are not made from: '
                    || unknown.names || '. Domains: ' || known.names || '.'
                )
            when repeated.names is not null
                then error('More than one weight is given to ' || repeated.names || '.')
            else true
        end
),

weighted as (
    select
        cluster_variables.variable,
        variable_profile.domain,
        coalesce(of_variable.weight, 1) * coalesce(of_domain.weight, 1) as weight,
        variable_profile.scaled_variance
    from cluster_variables
    cross join checked
    inner join variable_profile
        on cluster_variables.variable = variable_profile.variable
    left join parsed as of_variable
        on
            cluster_variables.variable = of_variable.name
            and of_variable.parameter = 'variable_weights'
    left join parsed as of_domain
        on
            variable_profile.domain = of_domain.name
            and of_domain.parameter = 'domain_weights'
),

shares as (
    select
        variable,
        domain,
        weight,
        100 * weight * scaled_variance
        / sum(weight * scaled_variance) over whole as variance_share,
        100 / count(*) over () as even_share
    from weighted
    window
        whole as (
            order by variable
            rows between unbounded preceding and unbounded following
        )
),

judged as (
    select
        *,
        variance_share > 3 * even_share as is_dominant
    from shares
)

select * from judged
