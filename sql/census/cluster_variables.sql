-- One row: one variable that the clusters are made from.
with named as (
    select unnest(
        list_concat(getvariable('drop_variables'), getvariable('keep_variables'))
    ) as variable
),

named_domains as (
    select unnest(getvariable('keep_domains')) as domain
),

unknown as (
    select string_agg(variable, ', ' order by variable) as names
    from named
    where
        variable not in (select variable_profile.variable from variable_profile)
),

unknown_domains as (
    select
        string_agg(domain, ', ' order by domain) as names,
        (
            select string_agg(distinct domain, ', ' order by domain)
            from variable_profile
        ) as known
    from named_domains
    where domain not in (
        select variable_profile.domain from variable_profile
        where variable_profile.domain is not null
    )
),

chosen as (
    select variable_profile.variable
    from variable_profile
    anti join left_out_variables
        on variable_profile.variable = left_out_variables.variable
),

-- An unknown name is refused even where it leaves nothing chosen.
checked as (
    select chosen.variable
    from unknown
    cross join unknown_domains
    left join chosen on true
    where
        case
            when unknown.names is not null
                then error(
                    'drop_variables or keep_variables names ' || unknown.names
                    || ', which the census file does not have.'
                )
            when unknown_domains.names is not null
                then error(
                    'keep_domains names ' || unknown_domains.names
                    || ', which is no domain of the lookup. Known: '
                    || unknown_domains.known || '.'
                )
            else true
        end
)

select * from checked
where variable is not null
