-- One row: one area of the census file, variables rounded half to even, 2 decimals.
with source as (
    select * from read_parquet(getvariable('census_file'))
),

rounded as (
    select
        oa as area,
        round_even(columns(* exclude (oa))::double, 2)
    from source
)

select * from rounded
