-- One row: one area whose class differs between a former and a latter run.
with moved as (
    select
        coalesce(former_classes.area, latter_classes.area) as area,
        former_classes.class as former_class,
        latter_classes.class as new_class
    from former_classes
    full join latter_classes on former_classes.area = latter_classes.area
    where former_classes.class is distinct from latter_classes.class
)

select * from moved
order by area
