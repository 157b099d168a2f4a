-- One row: one random pair of areas of the earlier year and the angle between them.
with directions as (
    select
        area,
        direction
    from embeddings
    where year = 'earlier'
),

measured as (
    select
        random_pairs.pair,
        random_pairs.area,
        random_pairs.other_area,
        angle_between(one.direction, other.direction) as angle
    from random_pairs
    inner join directions as one on random_pairs.area = one.area
    inner join directions as other on random_pairs.other_area = other.area
)

select * from measured
