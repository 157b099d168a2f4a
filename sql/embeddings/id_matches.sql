-- One row: one of the two files, how many of its areas the other lacks, and three.
with pairs as (
    select
        areas.area as in_areas,
        socioeconomic.area as in_socioeconomic
    from areas
    full join socioeconomic on areas.area = socioeconomic.area
),

counted as (
    select
        'areas' as file,
        count(in_areas) as areas,
        count(in_areas) filter (where in_socioeconomic is null) as unmatched,
        array_to_string(
            list(in_areas order by in_areas)
            filter (where in_socioeconomic is null)[:3],
            ', '
        ) as examples
    from pairs
    union all
    select
        'socio-economic' as file,
        count(in_socioeconomic) as areas,
        count(in_socioeconomic) filter (where in_areas is null) as unmatched,
        array_to_string(
            list(in_socioeconomic order by in_socioeconomic)
            filter (where in_areas is null)[:3],
            ', '
        ) as examples
    from pairs
)

select * from counted
