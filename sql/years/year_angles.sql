-- One row: one area that both years have, and the angle between them.
with paired as (
    select
        later.area,
        earlier.direction as direction_before,
        later.direction,
        earlier.mix as mix_before,
        later.mix,
        angle_between(earlier.direction, later.direction) as angle
    from earlier
    inner join embeddings as later on earlier.area = later.area
    where later.year = 'later' and later.direction is not null
)

select * from paired
