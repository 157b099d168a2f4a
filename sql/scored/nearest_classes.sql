-- One row: one area on one level, the two classes nearest to it within its class above.
with recursive descent as (
    select
        area,
        0 as level,
        null::varchar as class,
        null::double as distance,
        null::varchar as next_class,
        null::double as distance_to_next
    from positions
    union all
    select
        nearest.area,
        nearest.level,
        nearest.two[1].class as class,
        nearest.two[1].distance as distance,
        nearest.two[2].class as next_class,
        nearest.two[2].distance as distance_to_next
    from (
        select
            measured.area,
            measured.level,
            min(
                { 'distance': measured.distance, 'class': measured.class }, 2
            ) as two
        from (
            select
                descent.area,
                centroids.level,
                centroids.class,
                -- A value that an area lacks is 0 on both sides: no distance.
                list_distance(
                    positions.position,
                    case
                        when positions.variables_used = len(positions.position)
                            then centroids.centroid
                        else list_transform(
                            list_zip(centroids.centroid, positions.is_known),
                            lambda v: v[1] * v[2]
                        )
                    end
                ) as distance
            from descent
            inner join centroids
                on
                    centroids.level = descent.level + 1
                    and centroids.parent is not distinct from descent.class
            inner join positions on descent.area = positions.area
        ) as measured
        group by measured.area, measured.level
    ) as nearest
),

classed as (
    select * from descent
    where level > 0
)

select * from classed
