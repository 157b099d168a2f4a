-- One row: one area of the region, the scaled variables that clusters are made from.
with chosen as (
    select
        area,
        columns(lambda c: c in getvariable('cluster_variables'))
    from census.scaled_variables
)

select * from chosen
