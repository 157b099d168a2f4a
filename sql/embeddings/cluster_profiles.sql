-- One row: one cluster and one socio-economic variable, how far its mean stands out.
with members as (
    select
        clusters.cluster,
        described.* exclude (area_name)
    from clusters
    inner join described on clusters.area = described.area
),

-- Added up in order: else the last digits would differ from run to run.
errors as (
    select
        cluster,
        stddev_samp(columns(* exclude (cluster, area)) order by area)
        / sqrt(nullif(count(columns(* exclude (cluster, area))), 0))
    from members
    group by cluster
),

errors_long as (
    unpivot errors
    on columns(* exclude (cluster)) into name variable value standard_error
),

variables as (
    select distinct
        variable,
        overall_mean
    from cluster_profile
    where kind = 'socio-economic'
),

-- A cluster none of whose areas has a value is a cluster all the same.
pairs as (
    select distinct
        clusters.cluster,
        variables.variable,
        variables.overall_mean
    from clusters
    cross join variables
),

scores as (
    select
        pairs.cluster,
        pairs.variable,
        cluster_profile.cluster_mean,
        pairs.overall_mean,
        coalesce(cluster_profile.standardised_difference, 0) as strength,
        -- Of a scale without a zero of its own, a ratio of means says nothing.
        case
            when pairs.overall_mean > 0 and cluster_profile.cluster_mean >= 0
                then 100 * cluster_profile.cluster_mean / pairs.overall_mean
        end as index_score
    from pairs
    left join cluster_profile
        on
            pairs.cluster = cluster_profile.cluster
            and pairs.variable = cluster_profile.variable
            and cluster_profile.kind = 'socio-economic'
),

profiles as (
    select
        'cluster' as level,
        scores.cluster as family,
        scores.cluster,
        scores.variable,
        scores.variable as variable_name,
        'Socio-economic' as domain,
        scores.cluster_mean,
        scores.overall_mean,
        errors_long.standard_error,
        scores.index_score,
        null::double as index_score_scaled,
        index_direction(scores.index_score) as direction,
        scores.strength,
        scores.strength as contrast
    from scores
    left join errors_long
        on
            scores.cluster = errors_long.cluster
            and scores.variable = errors_long.variable
)

select * from profiles
