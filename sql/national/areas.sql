-- One row: one area of one country, and how many of its topic tables hold it.
with held as (
    select
        area,
        country,
        count(*) as tables
    from cells
    group by area, country
),

expected as (
    select
        country,
        count(*) as tables_of_country
    from topic_tables
    group by country
),

counted as (
    select
        held.*,
        expected.tables_of_country
    from held
    inner join expected on held.country = expected.country
)

select * from counted
