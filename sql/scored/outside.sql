-- One row: one value of an area that lies outside the range of the model's areas.
with values_of_areas as (
    unpivot area_values
    on columns(* exclude (area))
    into name variable value measured
),

outside as (
    select
        values_of_areas.area,
        values_of_areas.variable,
        used_variables.variable_name,
        values_of_areas.measured,
        used_variables.minimum,
        used_variables.maximum,
        getvariable('outside') = 'clip' as is_clipped
    from values_of_areas
    inner join used_variables on values_of_areas.variable = used_variables.variable
    where
        values_of_areas.measured < used_variables.minimum
        or values_of_areas.measured > used_variables.maximum
)

select * from outside
