-- One row: one place with its boundary and, on each level, its dominant class.
with source as (
    select
        columns(lambda c: c = getvariable('place_boundary_column'))::varchar as place,
        columns(lambda c: c = getvariable('place_boundaries_file_geometry'))
            as geometry
    from read_parquet(getvariable('place_boundaries_file'))
),

-- Where two kinds share codes, the first kind's places are drawn.
first_kinds as (
    select
        place,
        min(kind) as kind
    from dominant_classes
    group by place
),

dominant as (
    select
        dominant_classes.kind,
        dominant_classes.place,
        dominant_classes.level_name,
        dominant_classes.areas::integer as areas,
        dominant_classes.residents::double as residents,
        dominant_classes.dominant_class,
        dominant_classes.dominant_share,
        dominant_classes.next_class,
        dominant_classes.entropy
    from dominant_classes
    inner join first_kinds
        on
            dominant_classes.place = first_kinds.place
            and dominant_classes.kind = first_kinds.kind
),

wide as (
    select * from (
        pivot dominant
        on level_name
        using
        any_value(dominant_class) as class,
        any_value(dominant_share) as share,
        any_value(next_class) as next_class,
        any_value(entropy) as entropy
        group by kind, place, areas, residents
    )
),

outlined as (
    select
        wide.*,
        source.geometry
    from wide
    inner join source on wide.place = source.place
)

select * from outlined
