-- One row: one area of the region, variables rounded half to even, 2 decimals.
with source as (
    select * replace (oa::varchar as oa)
    from read_parquet(getvariable('census_file'), hive_partitioning = false)
),

in_region as (
    select source.*
    from source
    semi join region_areas on source.oa = region_areas.area
),

rounded as (
    select
        oa as area,
        -- As NumPy does; round_even(x, 2) would make 0.205 0.21 where NumPy has 0.2.
        round_even(try_cast(columns(* exclude (oa)) as double) * 100, 0) / 100
    from in_region
)

select * from rounded
