-- One row: one area that both years have, and the angle between them.
with paired as (
    select
        later.area,
        earlier.direction as direction_before,
        later.direction,
        earlier.mix as mix_before,
        later.mix,
        angle_between(earlier.direction, later.direction) as angle
    from embeddings as earlier
    inner join embeddings as later on earlier.area = later.area
    where
        earlier.year = 'earlier'
        and later.year = 'later'
        and earlier.direction is not null
        and later.direction is not null
)

select * from paired
