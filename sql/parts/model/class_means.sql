-- One row: one class of one level and the mean of each scaled variable over its areas.
with members as (
    select
        class_members.level,
        class_members.class,
        scaled_variables.* exclude (area)
    from class_members
    inner join scaled_variables on class_members.area = scaled_variables.area
),

means as (
    select
        level,
        class,
        count(*) as areas,
        exact_avg(columns(lambda c: c in getvariable('cluster_variables')))
    from members
    group by level, class
)

select * from means
