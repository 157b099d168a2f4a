-- One row: the areas of both classifications, and the first code of each.
with own as (
    select
        count(*) as areas,
        min(area) as example
    from own_classes
),

other as (
    select
        count(*) as areas,
        min(area) as example
    from other_classes
)

select
    own.areas,
    own.example,
    other.areas as other_areas,
    other.example as other_example
from own
cross join other
