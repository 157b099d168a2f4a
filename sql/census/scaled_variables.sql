-- One row: one area of the region, each variable as arcsinh put on one scale.
with transformed as (
    select
        area,
        ihs(columns(* exclude (area)))
    from region_variables
),

-- Of the three only the one that scaling asks for has rows, and is computed.
min_max as (
    select
        area,
        unit_scale(columns(* exclude (area)))
    from transformed
    where getvariable('scaling') = 'min_max'
),

z_scores as (
    select
        area,
        z_score(columns(* exclude (area)))
    from transformed
    where getvariable('scaling') = 'z_score'
),

range_trimmed as (
    select
        area,
        trimmed_scale(columns(* exclude (area)))
    from transformed
    where getvariable('scaling') = 'range_trimmed'
),

scaled as (
    select * from min_max
    union all
    select * from z_scores
    union all
    select * from range_trimmed
)

select * from scaled
