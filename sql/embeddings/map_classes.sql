-- One row: one area, one mapped variable and one scheme: the class of its value.
with schemes as (
    select distinct
        variable,
        scheme
    from class_breaks
),

by_scheme as (
    select
        mapped_values.area,
        mapped_values.variable,
        schemes.scheme,
        mapped_values.value
    from mapped_values
    inner join schemes on mapped_values.variable = schemes.variable
),

-- A value belongs to the first class whose upper bound it doesn't exceed.
classed as (
    select
        by_scheme.area,
        by_scheme.variable,
        by_scheme.scheme,
        by_scheme.value,
        class_breaks.class,
        class_breaks.label
    from by_scheme
    asof left join class_breaks
        on
            by_scheme.variable = class_breaks.variable
            and by_scheme.scheme = class_breaks.scheme
            and by_scheme.value <= class_breaks.upper_bound
)

select * from classed
