-- One row: one area of the region, each variable as arcsinh scaled to 0–1.
with scaled as (
    select
        area,
        unit_scale(ihs(columns(* exclude (area))))
    from region_variables
)

select * from scaled
