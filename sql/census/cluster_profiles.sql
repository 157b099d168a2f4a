-- One row: one cluster of one level and one variable, how far its mean stands out.
with scores as (
    select
        *,
        regexp_extract(cluster, '^[A-Z]+') as family
    from index_scores
),

members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        region_variables.* exclude (area)
    from region_variables
    inner join cluster_members on region_variables.area = cluster_members.area
),

-- Of values with two decimals, so that the sums are the same in any order.
squares as (
    select
        level,
        cluster,
        count(*) as areas,
        sum(
            cast(columns(* exclude (level, cluster)) as decimal(18, 2))
            * cast(columns(* exclude (level, cluster)) as decimal(18, 2))
        )
    from members
    group by level, cluster
),

squares_long as (
    unpivot squares
    on columns(* exclude (level, cluster, areas))
    into name variable value sum_of_squares
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
        sqrt(
            greatest(
                0,
                cast(squares_long.sum_of_squares as double) / squares_long.areas
                - scores.cluster_mean ** 2
            )
            / nullif(squares_long.areas - 1, 0)
        ) as standard_error,
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
    inner join squares_long
        on
            scores.level = squares_long.level
            and scores.cluster = squares_long.cluster
            and scores.variable = squares_long.variable
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
