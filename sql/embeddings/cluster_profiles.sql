-- One row: one cluster and one socio-economic variable, how far its mean stands out.
with scores as (
    select
        cluster,
        variable,
        coalesce(standardised_difference, 0) as strength,
        -- Of a scale without a zero of its own, a ratio of means says nothing.
        case
            when overall_mean > 0 and cluster_mean >= 0
                then 100 * cluster_mean / overall_mean
        end as index_score
    from cluster_profile
    where kind = 'socio-economic'
),

profiles as (
    select
        'cluster' as level,
        cluster as family,
        cluster,
        variable,
        variable as variable_name,
        'Socio-economic' as domain,
        index_score,
        index_direction(index_score) as direction,
        strength,
        strength as contrast
    from scores
)

select * from profiles
