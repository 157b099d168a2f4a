-- One row: one variable in one country: its areas, spread and most extreme values.
with long as (
    unpivot area_values
    on columns(* exclude (area, country))
    into name variable value value
),

medians as (
    select
        country,
        variable,
        median(value) as median
    from long
    group by country, variable
),

countries as (
    select
        country,
        count(*) as areas
    from areas
    group by country
),

spread as (
    select
        long.country,
        long.variable,
        count(*) as areas,
        any_value(countries.areas) - count(*) as missing,
        min(long.value) as minimum,
        any_value(medians.median) as median,
        max(long.value) as maximum,
        min_by(
            struct_pack(area := long.area, value := long.value),
            (-abs(long.value - medians.median), long.area),
            3
        ) as extremes
    from long
    inner join medians
        on
            long.country = medians.country
            and long.variable = medians.variable
    inner join countries on long.country = countries.country
    group by long.country, long.variable
),

worded as (
    -- noqa: disable=RF03
    select
        * exclude (extremes),
        array_to_string(
            list_transform(
                extremes,
                lambda pair: format('{} ({:.2f})', pair.area, pair.value)
            ),
            ', '
        ) as most_extreme
    from spread
    -- noqa: enable=RF03
)

select * from worded
