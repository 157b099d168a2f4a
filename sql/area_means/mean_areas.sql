-- One row: one area with its means and its boundary, as another job reads them.
with joined as (
    select
        area_means.*,
        boundaries.geometry
    from area_means
    inner join boundaries on area_means.area = boundaries.area
)

select * from joined
