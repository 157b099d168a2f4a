-- One row: one class in the order of its index, with what the classes up to it gather.
with ordered as (
    select
        level,
        level_name,
        row_number() over by_index as place_in_order,
        class,
        class_name,
        index_score,
        share,
        base_share,
        sum(share) over by_index as cumulative_share,
        sum(base_share) over by_index as cumulative_base_share
    from profile
    where index_score is not null
    window by_index as (
        partition by level order by index_score desc, class asc
        rows between unbounded preceding and current row
    )
),

-- Twice the surface between the curve and the diagonal, in trapezia.
rated as (
    select
        *,
        sum(
            (base_share / 100 * (2 * cumulative_share - share) / 100)::decimal(38, 15)
        ) over (partition by level)
        - 1 as gini
    from ordered
)

select * from rated
