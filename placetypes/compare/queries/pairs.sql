-- One row: one area of both classifications: its two classes and how it fits its own.
with pairs as (
    select
        own_classes.area,
        own_classes.class,
        other_classes.class as other_class,
        own_classes.fit
    from own_classes
    inner join other_classes on own_classes.area = other_classes.area
)

select * from pairs
order by area
