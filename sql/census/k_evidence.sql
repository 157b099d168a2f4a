-- One row: one k, from 2, and all that speaks for it or against it.
with memberships as (
    unpivot k_labels
    on columns('^k\d+$') into name k value cluster
),

sizes as (
    select
        substr(k, 2)::integer as k,
        cluster,
        count(*) as areas
    from memberships
    group by k, cluster
),

shares as (
    select
        k,
        100 * min(areas) / sum(areas) as smallest_share,
        100 * max(areas) / sum(areas) as largest_share
    from sizes
    group by k
),

gaps as (
    select
        k,
        gap,
        gap_error,
        gap >= lead(gap - gap_error) over (order by k) as gap_suffices
    from k_gaps
),

-- How sharply each sample's fall of the inertia bends.
sample_falls as (
    select
        *,
        100 * (1 - inertia / lag(inertia) over (partition by sample order by k))
            as inertia_fall
    from k_stability
),

sample_bends as (
    select
        *,
        inertia_fall - lead(inertia_fall) over (partition by sample order by k) as bend
    from sample_falls
),

stability as (
    select
        k,
        avg(adjusted_rand_index order by sample) as stability,
        stddev_samp(adjusted_rand_index order by sample) as stability_spread,
        stddev_samp(adjusted_rand_index order by sample) / sqrt(count(*))
            as stability_error,
        stddev_samp(silhouette order by sample) as silhouette_error,
        stddev_samp(calinski_harabasz order by sample) as calinski_harabasz_error,
        stddev_samp(davies_bouldin order by sample) as davies_bouldin_error,
        stddev_samp(bend order by sample) as bend_error
    from sample_bends
    group by k
),

evidence as (
    select
        k_scores.k,

        -- quality
        k_scores.inertia,
        100 * (1 - k_scores.inertia / lag(k_scores.inertia) over (order by k_scores.k))
            as inertia_fall,
        k_scores.silhouette,
        k_scores.calinski_harabasz,
        k_scores.davies_bouldin,

        -- sizes
        shares.smallest_share,
        shares.largest_share,

        -- against data without clusters, and against other samples
        gaps.gap,
        gaps.gap_error,
        gaps.gap_suffices,
        stability.stability,
        stability.stability_spread,

        -- standard errors over the samples
        stability.stability_error,
        stability.silhouette_error,
        stability.calinski_harabasz_error,
        stability.davies_bouldin_error,
        stability.bend_error
    from k_scores
    inner join shares on k_scores.k = shares.k
    left join gaps on k_scores.k = gaps.k
    left join stability on k_scores.k = stability.k
)

select * from evidence
where k > 1
