-- One row: one area in one cluster of one level, with its residents.
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
        population.population
    from members
    left join population on members.area = population.area
)

select * from populated
