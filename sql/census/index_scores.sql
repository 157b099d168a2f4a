-- One row: one cluster of one level and one variable, its mean against the region's.
with published_members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        region_variables.* exclude (area)
    from region_variables
    inner join cluster_members on region_variables.area = cluster_members.area
),

scaled_members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        scaled_variables.* exclude (area)
    from scaled_variables
    inner join cluster_members on scaled_variables.area = cluster_members.area
),

-- The grouping set (level) adds one row for all areas, whose cluster is null.
published_means as (
    select
        level,
        cluster,
        exact_avg(columns(* exclude (level, cluster)))
    from published_members
    group by grouping sets ((level, cluster), (level))
),

scaled_means as (
    select
        level,
        cluster,
        exact_avg(columns(* exclude (level, cluster)))
    from scaled_members
    group by grouping sets ((level, cluster), (level))
),

-- The variance by the mean of squares: unlike DuckDB's, the same in any order.
published_squares as (
    select
        level,
        cluster,
        exact_avg(columns(* exclude (level, cluster)) ** 2)
    from published_members
    group by level, cluster
),

resident_members as (
    select
        cluster_members.level,
        cluster_members.cluster,
        cluster_members.population,
        region_variables.* exclude (area)
    from region_variables
    inner join cluster_members on region_variables.area = cluster_members.area
),

-- Areas without a figure count neither here nor there.
resident_means as (
    select
        level,
        cluster,
        exact_sum(columns(* exclude (level, cluster, population)) * population)
        / nullif(exact_sum(population), 0)
    from resident_members
    group by grouping sets ((level, cluster), (level))
),

sizes as (
    select
        level,
        cluster,
        count(*) as areas
    from cluster_members
    group by level, cluster
),

squares_long as (
    unpivot published_squares
    on columns(* exclude (level, cluster)) into name variable value mean_square
),

residents_long as (
    unpivot resident_means
    on columns(* exclude (level, cluster)) into name variable value mean
),

published_long as (
    unpivot published_means
    on columns(* exclude (level, cluster)) into name variable value mean
),

scaled_long as (
    unpivot scaled_means
    on columns(* exclude (level, cluster)) into name variable value mean
),

compared as (
    select
        published.level,
        published.cluster,
        published.variable,
        published.mean as cluster_mean,
        overall.mean as overall_mean,
        100 * published.mean / nullif(overall.mean, 0) as index_score,
        100 * mean_error(published.mean, squares_long.mean_square, sizes.areas)
        / nullif(overall.mean, 0) as standard_error,
        sizes.areas,
        100 * residents.mean / nullif(residents_overall.mean, 0)
            as index_score_weighted,
        case
            when getvariable('scaling') = 'z_score' then null
            else 100 * scaled.mean / nullif(scaled_overall.mean, 0)
        end as index_score_scaled
    from published_long as published
    inner join published_long as overall
        on
            published.level = overall.level
            and published.variable = overall.variable
            and overall.cluster is null
    inner join scaled_long as scaled
        on
            published.level = scaled.level
            and published.cluster = scaled.cluster
            and published.variable = scaled.variable
    inner join scaled_long as scaled_overall
        on
            published.level = scaled_overall.level
            and published.variable = scaled_overall.variable
            and scaled_overall.cluster is null
    inner join sizes
        on published.level = sizes.level and published.cluster = sizes.cluster
    inner join squares_long
        on
            published.level = squares_long.level
            and published.cluster = squares_long.cluster
            and published.variable = squares_long.variable
    left join residents_long as residents
        on
            published.level = residents.level
            and published.cluster = residents.cluster
            and published.variable = residents.variable
    left join residents_long as residents_overall
        on
            published.level = residents_overall.level
            and published.variable = residents_overall.variable
            and residents_overall.cluster is null
),

named as (
    select
        compared.level,
        compared.cluster,
        compared.variable,
        coalesce(variable_lookup.variable_name, compared.variable) as variable_name,
        variable_lookup.domain,
        compared.cluster_mean,
        compared.overall_mean,
        variable_lookup.denominator,
        compared.index_score,
        compared.standard_error,
        compared.areas,
        compared.index_score_weighted,
        compared.index_score_scaled,
        index_band(compared.index_score) as band,
        is_clear_score(compared.index_score, compared.standard_error) as is_clear
    from compared
    left join variable_lookup
        on compared.variable = variable_lookup.variable
)

select * from named
