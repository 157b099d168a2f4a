-- One row: one place on one level, the class that most of its residents live in, and
-- how much that says.
with ranked as (
    select
        *,
        row_number() over (
            partition by kind, place, level
            order by residents desc, class asc
        ) as rank
    from place_classes
),

mixed as (
    select
        kind,
        place,
        level,
        any_value(level_name) as level_name,
        any_value(class) filter (where rank = 1) as dominant_class,
        any_value(share) filter (where rank = 1) as dominant_share,
        any_value(class) filter (where rank = 2) as next_class,
        any_value(share) filter (where rank = 2) as next_share,
        sum(areas) as areas,
        exact_sum(residents) as residents,
        count(*) as classes_present,
        -- 0 where all live in one class; ln(classes) where they spread evenly.
        -exact_sum(share / 100 * ln(nullif(share, 0) / 100)) as entropy
    from ranked
    group by kind, place, level
),

judged as (
    select
        *,
        dominant_share > 50 as is_majority
    from mixed
)

select * from judged
