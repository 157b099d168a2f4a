-- One row: one area with its socio-economic values, null where it has none.
with matches as (
    select
        bool_or(unmatched < areas) as any_matches,
        max(areas) filter (where file = 'areas') as areas,
        max(areas) filter (where file = 'socio-economic') as socioeconomic_areas,
        max(examples) filter (where file = 'areas') as area_examples,
        max(examples) filter (
            where file = 'socio-economic'
        ) as socioeconomic_examples
    from id_matches
),

joined as (
    select
        areas.area,
        areas.area_name,
        socioeconomic.* exclude (area)
    from areas
    left join socioeconomic on areas.area = socioeconomic.area
    cross join matches
    where
        case
            when matches.any_matches then true
            else error(
                'None of the ' || format('{:,}', matches.areas)
                || ' areas (' || matches.area_examples || ' …) is among the '
                || format('{:,}', matches.socioeconomic_areas)
                || ' of the socio-economic file (' || matches.socioeconomic_examples
                || ' …): column ' || getvariable('id_column')
                || ' must hold the same codes in both files.'
            )
        end
)

select * from joined
