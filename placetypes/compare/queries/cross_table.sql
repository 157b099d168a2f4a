-- One row: one pair of classes of a former and a latter run, and its areas.
with pairs as (
    select
        former_classes.class,
        latter_classes.class as other_class,
        count(*) as areas
    from former_classes
    inner join latter_classes on former_classes.area = latter_classes.area
    where former_classes.class is not null and latter_classes.class is not null
    group by former_classes.class, latter_classes.class
)

select * from pairs
order by class, other_class
