-- One row: one class of one level, how unevenly it lives over the places of one kind.
with places as (
    select
        kind,
        level,
        place,
        exact_sum(residents) as all_residents
    from place_classes
    group by kind, level, place
),

listed as (
    select distinct
        kind,
        level,
        level_name,
        class
    from place_classes
),

grid as (
    select
        places.kind,
        places.level,
        listed.level_name,
        listed.class,
        places.all_residents,
        coalesce(place_classes.residents, 0) as residents
    from places
    inner join listed
        on places.kind = listed.kind and places.level = listed.level
    left join place_classes
        on
            places.kind = place_classes.kind
            and places.place = place_classes.place
            and places.level = place_classes.level
            and listed.class = place_classes.class
),

totals as (
    select
        *,
        sum(residents::decimal(38, 15)) over by_class as class_total,
        sum(all_residents::decimal(38, 15)) over by_class as region_total
    from grid
    window by_class as (partition by kind, level, class)
),

measured as (
    select
        kind,
        level,
        any_value(level_name) as level_name,
        class,
        count(*) as places,
        any_value(class_total)::double as residents,
        -- Duncan and Duncan 1955: the share that would have to move to be spread even.
        exact_sum(abs(
            residents / nullif(class_total, 0)
            - (all_residents - residents) / nullif(region_total - class_total, 0)
        )) / 2 as dissimilarity,
        -- Bell 1954: the share of the own class where a resident of the class lives.
        exact_sum(
            residents / nullif(class_total, 0) * residents / nullif(all_residents, 0)
        ) as isolation
    from totals
    group by kind, level, class
)

select * from measured
