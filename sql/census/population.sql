-- One row: one area of the population file, with its usual residents.
with source as (
    select * from read_csv(
        getvariable('population_file'), header = true, all_varchar = true
    )
),

renamed as (
    select
        oa as area,
        uk001001::double as population
    from source
)

select * from renamed
