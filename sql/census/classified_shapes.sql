-- One row: one classified area that has a boundary.
with shapes as (
    select
        areas.area,
        st_aswkb(areas.geometry) as outline
    from areas
    inner join subgroups on areas.area = subgroups.area
    where not areas.is_empty
)

select * from shapes
