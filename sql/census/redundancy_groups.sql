-- One row: one variable that clusters, its redundancy group, whether it is kept.
with recursive unknown as (
    select string_agg(named.variable, ', ' order by named.variable) as names
    from (
        select unnest(getvariable('preferred_variables')) as variable
    ) as named
    where
        named.variable not in (
            select variable_profile.variable from variable_profile
        )
),

chosen as (
    select cluster_variables.variable
    from unknown
    cross join cluster_variables
    where
        case
            when unknown.names is not null
                then error(
                    'preferred_variables names ' || unknown.names
                    || ', which the census file does not have.'
                )
            else true
        end
),

links as (
    select
        correlations.variable,
        correlations.partner,
        abs(correlations.correlation) as strength
    from correlations
    semi join chosen as one on correlations.variable = one.variable
    semi join chosen as other on correlations.partner = other.variable
    where abs(correlations.correlation) > getvariable('redundancy_threshold')
),

-- Who is linked to someone in the group is in the group: a chain joins its ends.
reached as (
    select
        variable,
        variable as member
    from chosen
    union
    select
        reached.variable,
        links.partner as member
    from reached
    inner join links on reached.member = links.variable
),

grouped as (
    select
        variable,
        min(member) as redundancy_group,
        count(*) as group_size
    from reached
    group by variable
),

-- Of the correlations with the rest of the group, linked directly or not.
resemblance as (
    select
        grouped.variable,
        exact_avg(abs(correlations.correlation)) as mean_correlation
    from grouped
    inner join grouped as others
        on
            grouped.redundancy_group = others.redundancy_group
            and grouped.variable <> others.variable
    inner join correlations
        on
            grouped.variable = correlations.variable
            and others.variable = correlations.partner
    group by grouped.variable
),

ranked as (
    select
        grouped.*,
        resemblance.mean_correlation,
        list_position(getvariable('preferred_variables'), grouped.variable)
            as preference
    from grouped
    left join resemblance on grouped.variable = resemblance.variable
),

kept as (
    select
        *,
        row_number() over (
            partition by redundancy_group
            order by preference asc nulls last, mean_correlation desc, variable asc
        ) = 1 as is_kept
    from ranked
),

named as (
    select
        kept.variable,
        variable_profile.variable_name,
        kept.redundancy_group,
        kept.group_size,
        kept.mean_correlation,
        kept.is_kept,
        first_value(kept.variable) over (
            partition by kept.redundancy_group order by kept.is_kept desc
        ) as kept_variable
    from kept
    inner join variable_profile
        on kept.variable = variable_profile.variable
)

select * from named
