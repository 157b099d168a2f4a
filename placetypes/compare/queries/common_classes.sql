-- One row: one area of a former and a latter run, its class in each.
with common as (
    select
        former_classes.class as former_class,
        latter_classes.class as new_class
    from former_classes
    inner join latter_classes on former_classes.area = latter_classes.area
    where former_classes.class is not null and latter_classes.class is not null
)

select * from common
