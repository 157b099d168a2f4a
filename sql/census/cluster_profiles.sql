-- One row: one cluster of one level and one variable, how far its mean stands out.
with scores as (
    select
        *,
        regexp_extract(cluster, '^[A-Z]+') as family
    from index_scores
),

-- Per cent of rare groups double easily; standard deviations tell what is remarkable.
standardised as (
    select
        scores.level,
        scores.family,
        scores.cluster,
        scores.variable,
        scores.variable_name,
        scores.domain,
        scores.cluster_mean,
        scores.overall_mean,
        -- The score's, in the unit of the mean; of nothing but zeros it is 0.
        coalesce(scores.standard_error, if(scores.overall_mean = 0, 0, null))
        * scores.overall_mean / 100 as standard_error,
        scores.index_score,
        scores.index_score_scaled,
        -- A band that chance could have moved is vouched for by nobody.
        case
            when scores.is_clear then index_direction(scores.index_score)
            else 'near'
        end as direction,
        coalesce(
            (scores.cluster_mean - scores.overall_mean)
            / nullif(sqrt(variable_profile.variance), 0),
            0
        ) as strength
    from scores
    inner join variable_profile
        on scores.variable = variable_profile.variable
),

-- A subgroup is also held against its supergroup, a supergroup against the region.
compared as (
    select
        standardised.*,
        standardised.strength - coalesce(parents.strength, 0) as contrast
    from standardised
    left join standardised as parents
        on
            standardised.level = 'subgroup'
            and parents.level = 'supergroup'
            and standardised.family = parents.cluster
            and standardised.variable = parents.variable
)

select * from compared
