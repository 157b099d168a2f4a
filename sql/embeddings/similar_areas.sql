-- One row: one area and one of the areas nearest to it in embedding space.
with named as (
    select
        nearest_areas.area,
        nearest_areas.rank,
        nearest_areas.similar_area,
        areas.area_name as similar_name,
        nearest_areas.distance
    from nearest_areas
    inner join areas on nearest_areas.similar_area = areas.area
)

select * from named
