-- One row: one class of one level in one place, and what a plan would make of it.
with planned as (
    select
        place,
        level,
        level_name,
        class,
        class_name,
        records,
        share,
        base_share,
        penetration,
        index_score,
        is_small,
        case
            when is_small or index_score is null then 'too few'
            when
                index_score >= getvariable('high_index')
                and share >= getvariable('large_share')
                then 'core'
            when index_score >= getvariable('high_index') then 'niche'
            when
                index_score >= getvariable('low_index')
                and share >= getvariable('large_share')
                then 'developing'
            else 'the rest'
        end as plan
    from profiles
)

select * from planned
