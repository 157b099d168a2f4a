-- One row: the areas of one quarter by margin, or all, and how many have their
-- published class.
with compared as (
    select
        scores.level,
        scores.level_name,
        scores.class = published_classes.class as is_same,
        ntile(4) over (
            partition by scores.level order by scores.margin, scores.area
        ) as margin_quarter,
        scores.margin,
        scores.probability
    from scores
    inner join published_classes
        on
            scores.area = published_classes.area
            and scores.level = published_classes.level
),

counted as (
    select
        level,
        level_name,
        coalesce(margin_quarter::varchar, 'all') as margin_quarter,
        count(*) as areas,
        min(margin) as margin_from,
        max(margin) as margin_to,
        count(*) filter (where is_same) as same_class,
        100 * count(*) filter (where is_same) / count(*) as agreement,
        100 * exact_avg(probability) as expected_agreement
    from compared
    group by grouping sets (
        (level, level_name, margin_quarter), (level, level_name)
    )
)

select * from counted
