-- One row: one variable that the clusters are not made from, and the reason.
with reasons as (
    select
        variable,
        case
            when is_constant then 'constant over the region'
            when variable in getvariable('drop_variables')
                then 'named in drop_variables'
            when
                len(getvariable('keep_variables')) > 0
                and variable not in getvariable('keep_variables')
                then 'not named in keep_variables'
            when
                len(getvariable('keep_domains')) > 0
                and coalesce(domain not in getvariable('keep_domains'), true)
                then 'its domain is not named in keep_domains'
            -- Such as row numbers, or residents.
            when
                variable not in (
                    select variable_lookup.variable from variable_lookup
                )
                and variable not in getvariable('keep_variables')
                then 'not in the variable lookup nor named in keep_variables'
        end as reason
    from variable_profile
)

select * from reasons
where reason is not null
