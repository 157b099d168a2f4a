-- One row: one cluster and one variable: how common it is, and whether one notices.
with worded as (
    select
        profiles.*,
        variable_words.phrase,
        variable_words.whole,
        variable_words.unit,
        if(variable_words.unit = 'share', profiles.cluster_mean, null) as share,
        if(variable_words.unit = 'share', profiles.overall_mean, null)
            as overall_share,
        100 * profiles.standard_error / nullif(abs(profiles.overall_mean), 0)
            as index_error
    from cluster_profiles as profiles
    inner join variable_words on profiles.variable = variable_words.variable
),

-- What no listed alternative counts is an alternative too.
ranked as (
    select
        *,
        if(whole is null, null, row_number() over largest_first) as place,
        lead(variable) over largest_first as next_variable,
        lead(share) over largest_first as next_share,
        max(share) over (partition by level, cluster, whole) as largest_share,
        greatest(
            0,
            100
            - sum(share::decimal(38, 15)) over (partition by level, cluster, whole)
        ) as share_of_rest
    from worded
    window
        largest_first as (
            partition by level, cluster, whole order by share desc, variable asc
        )
),

placed as (
    select
        * exclude (next_variable, next_share, largest_share, share_of_rest),
        coalesce(place = 1 and share >= share_of_rest, false) as is_commonest,
        if(place = 1 and next_share > 0, next_variable, null) as next_commonest,
        if(place = 1, share - next_share, share - largest_share) as ahead_by
    from ranked
),

-- Rare groups double easily, and few areas' means are no more than guesses.
measured as (
    select
        *,
        case
            when index_score >= 100
                then index_score - 2 * coalesce(index_error, 0) - 120
            else 80 - index_score - 2 * coalesce(index_error, 0)
        end as margin,
        case
            when share is null then true
            when index_score < 100 then overall_share >= getvariable('names_share')
            when index_score > 300 then share >= getvariable('names_share') / 5
            else share >= getvariable('names_share')
        end as is_many
    from placed
),

noticed as (
    select
        *,
        coalesce(is_many and margin > 0 and direction <> 'near', false) as is_noticed
    from measured
)

select * from noticed
