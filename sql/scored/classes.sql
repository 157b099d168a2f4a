-- One row: one area with its class on up to three levels, as `append` takes it.
with wide as (
    select
        area,
        max(class) filter (where level = 1) as level_1,
        max(class_name) filter (where level = 1) as level_1_name,
        max(class) filter (where level = 2) as level_2,
        max(class_name) filter (where level = 2) as level_2_name,
        max(class) filter (where level = 3) as level_3,
        max(class_name) filter (where level = 3) as level_3_name,
        max(margin) filter (where level = 1) as fit,
        max(probability) filter (where level = 1) as probability
    from scores
    group by area
)

select * from wide
