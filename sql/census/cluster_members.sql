-- One row: one area in one cluster of one level, its residents, whether it lies inside.
with members as (
    select
        'supergroup' as level,
        supergroup as family,
        supergroup as cluster,
        area
    from subgroups
    union all
    select
        'subgroup' as level,
        supergroup as family,
        subgroup as cluster,
        area
    from subgroups
),

populated as (
    select
        members.*,
        population.population,
        region_areas.is_inside
    from members
    inner join region_areas on members.area = region_areas.area
    left join population on members.area = population.area
)

select * from populated
