-- One row: one random pair of areas of the earlier year and the angle between them.
with measured as (
    select
        random_pairs.pair,
        random_pairs.area,
        random_pairs.other_area,
        angle_between(one.direction, other.direction) as angle
    from random_pairs
    inner join earlier as one on random_pairs.area = one.area
    inner join earlier as other on random_pairs.other_area = other.area
)

select * from measured
