-- One row: one class of one level in the region whose count may be shown, or all the
-- others of the level together (class is null).
with ancestors as (
    select distinct
        inner_class.level,
        inner_class.class,
        outer_class.level as outer_level,
        outer_class.class as outer_class
    from classes as inner_class
    inner join classes as outer_class
        on
            inner_class.area = outer_class.area
            and inner_class.level >= outer_class.level
),

parents as (
    select
        level,
        class,
        min(outer_class) as parent
    from ancestors
    where outer_level = level - 1
    group by level, class
),

-- Beside a hidden count the next larger is hidden too, unless those hidden so far
-- amount to enough: else a total gives it away.
counted as (
    select
        profile.*,
        coalesce(
            sum(profile.cases) over (
                partition by profile.level, parents.parent
                order by profile.cases asc, profile.class asc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as smaller_cases
    from profile
    left join parents
        on profile.level = parents.level and profile.class = parents.class
),

judged as (
    select
        *,
        cases >= getvariable('smallest_count')
        and smaller_cases not between 1 and getvariable('smallest_count') - 1
            as is_enough
    from counted
),

-- What lies in a hidden class is hidden with it.
shown as (
    select
        ancestors.level,
        ancestors.class,
        bool_and(coalesce(judged.is_enough, true)) as is_shown
    from ancestors
    left join judged
        on
            ancestors.outer_level = judged.level
            and ancestors.outer_class = judged.class
    group by ancestors.level, ancestors.class
),

marked as (
    select
        profile.*,
        shown.is_shown,
        game_plan.plan
    from profile
    inner join shown
        on profile.level = shown.level and profile.class = shown.class
    inner join game_plan
        on
            game_plan.place = 'all'
            and profile.level = game_plan.level
            and profile.class = game_plan.class
),

grouped as (
    select
        level,
        any_value(level_name) as level_name,
        if(is_shown, class, null) as class,
        any_value(if(is_shown, class_name, null)) as class_name,
        if(is_shown, any_value(plan), 'too few') as plan,
        count(*) as classes,
        sum(cases) as cases,
        sum(records order by class) as records,
        sum(share order by class) as share,
        sum(base order by class) as base,
        sum(base_share order by class) as base_share,
        100 * sum(records order by class) / nullif(sum(base order by class), 0)
            as penetration,
        100 * sum(share order by class) / nullif(sum(base_share order by class), 0)
            as index_score,
        if(is_shown, any_value(index_low), null) as index_low,
        if(is_shown, any_value(index_high), null) as index_high,
        if(is_shown, any_value(z), null) as z
    from marked
    group by level, if(is_shown, class, null), is_shown
    having sum(cases) >= getvariable('smallest_count')
),

-- Gains of what is shown: those of every class would give small ones away.
gained as (
    select
        *,
        row_number() over by_index as place_in_order,
        sum(share) over by_index as cumulative_share,
        sum(base_share) over by_index as cumulative_base_share
    from grouped
    window by_index as (
        partition by level order by index_score desc nulls last, class asc
        rows between unbounded preceding and current row
    )
),

rated as (
    select
        *,
        sum(
            case
                when index_score is not null
                    then base_share * (2 * cumulative_share - share) / 10000
            end::decimal(38, 15)
        ) over (partition by level)
        - 1 as gini
    from gained
)

select * from rated
