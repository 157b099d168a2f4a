-- One row: one classified area that has no population figure.
with missing as (
    select
        subgroups.area,
        subgroups.supergroup,
        subgroups.subgroup
    from subgroups
    left join population on subgroups.area = population.area
    where population.population is null
)

select * from missing
