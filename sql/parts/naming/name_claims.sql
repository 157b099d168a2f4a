-- One row: one claim of a given name, and whether the index score bears it out.
with claims as (
    select
        level,
        cluster,
        unnest(claims).variable as variable,
        unnest(claims).direction as direction
    from given_names
    where fate = 'kept'
),

judged as (
    select distinct
        claims.level,
        claims.cluster,
        claims.variable,
        profiles.variable_name,
        claims.direction,
        profiles.index_score,
        case
            when profiles.variable is null then 'unknown variable'
            when claims.direction is null then 'no direction'
            when claims.direction not in ('above', 'below') then 'no direction'
            when profiles.direction = 'near' then 'within 80-120'
            when profiles.direction = claims.direction then 'supported'
            else 'contradicted'
        end as verdict
    from claims
    left join cluster_profiles as profiles
        on
            claims.level = profiles.level
            and claims.cluster = profiles.cluster
            and claims.variable = profiles.variable
)

select * from judged
