-- One row: one area and one of the areas nearest to it in embedding space.
with positions as (
    select
        area,
        [*columns(* exclude (area))] as position
    from embeddings
),

-- Every area is compared with every other: 25 million pairs for 5,000 areas. Of two
-- that are equally near, the first code is kept.
nearest as (
    select
        positions.area,
        min(
            {
                'distance': list_distance(positions.position, others.position),
                'area': others.area
            },
            getvariable('similar_areas')
        ) as others_nearest
    from positions
    inner join positions as others on positions.area <> others.area
    group by positions.area
),

ranked as (
    select
        area,
        unnest(range(1, len(others_nearest) + 1)) as rank,
        unnest(others_nearest) as other
    from nearest
),

named as (
    select
        ranked.area,
        ranked.rank,
        ranked.other.area as similar_area,
        areas.area_name as similar_name,
        ranked.other.distance
    from ranked
    inner join areas on ranked.other.area = areas.area
)

select * from named
