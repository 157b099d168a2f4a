-- One row: one class on one level, the places of one kind in which it is dominant.
with counted as (
    select
        kind,
        level,
        any_value(level_name) as level_name,
        dominant_class,
        count(*) as places,
        count(*) filter (where is_majority) as majority_places,
        avg(dominant_share) as mean_share
    from dominant_classes
    group by kind, level, dominant_class
)

select * from counted
order by kind, level, dominant_class
