-- One row: one area that a topic table of its country lacks, and so has no variables.
with incomplete as (
    select
        area,
        country
    from areas
    where tables < tables_of_country
),

expected as (
    select
        incomplete.area,
        topic_tables.table_name
    from incomplete
    inner join topic_tables on incomplete.country = topic_tables.country
),

missing as (
    select
        expected.area,
        'not in table '
        || string_agg(expected.table_name, ', ' order by expected.table_name) as reason
    from expected
    anti join cells
        on
            expected.area = cells.area
            and expected.table_name = cells.table_name
    group by expected.area
)

select * from missing
