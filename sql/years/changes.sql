-- One row: one area of both years, its angle held against neighbours and random pairs.
with around as (
    select
        touching.area,
        count(*) as neighbours,
        median(year_angles.angle) as neighbour_angle
    from touching
    inner join year_angles on touching.neighbour = year_angles.area
    group by touching.area
),

-- An area that touches none is held against all.
compared as (
    select
        year_angles.area,
        year_angles.angle,
        coalesce(around.neighbours, 0) as neighbours,
        coalesce(
            around.neighbour_angle, median(year_angles.angle) over ()
        ) as neighbour_angle
    from year_angles
    left join around on year_angles.area = around.area
),

beyond as (
    select
        *,
        angle - neighbour_angle as difference
    from compared
),

middle as (
    select
        *,
        median(difference) over () as middle
    from beyond
),

-- 1.4826 median deviations are a standard deviation of normal values. Files of single
-- precision round angles by a millionth of a degree or so: no spread is less.
standing as (
    select
        area,
        angle,
        neighbours,
        neighbour_angle,
        (difference - middle)
        / greatest(1.4826 * median(abs(difference - middle)) over (), 1e-5) as z
    from middle
),

all_angles as (
    select
        area,
        angle,
        0 as is_pair
    from year_angles
    union all
    select
        null as area,
        angle,
        1 as is_pair
    from pair_angles
),

-- In the order of angles, areas before pairs: the pairs so far are the nearer ones.
in_order as (
    select
        area,
        sum(is_pair) over (order by angle, is_pair) as pairs_nearer
    from all_angles
),

judged as (
    select
        standing.*,
        in_order.pairs_nearer::double / (select count(*) from pair_angles)
            as share_of_pairs_nearer
    from standing
    inner join in_order on standing.area = in_order.area
),

flagged as (
    select
        *,
        coalesce(
            z > getvariable('changed_z')
            and 100 * share_of_pairs_nearer > getvariable('changed_share'),
            false
        ) as has_changed
    from judged
)

select * from flagged
