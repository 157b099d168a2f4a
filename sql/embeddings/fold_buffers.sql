-- One row: one area too near to a blocked fold's test areas to train its forest.
with near as (
    select distinct
        tested.fold,
        neighbours.neighbour as area
    from neighbours
    inner join forest_splits as tested on neighbours.area = tested.area
    inner join forest_splits as trained on neighbours.neighbour = trained.area
    where tested.fold <> trained.fold and getvariable('block_buffer') > 0
)

select * from near
