-- One row: one area of the later scoring.
with source as (
    select
        area,
        classes,
        probability,
        variables,
        position,
        is_known
    from read_parquet(getvariable('after_file'), hive_partitioning = false)
),

-- Both must be measured by the same variables, or a move might be a missing column.
compared as (
    select
        any_value(source.variables) as here,
        (select any_value(placed_before.variables) from placed_before) as there
    from source
),

checked as (
    select source.*
    from source
    cross join compared
    where
        case
            when compared.here <> compared.there
                then error(
                    'The two scorings are made of other variables: ' || compared.there
                    || ' before, '
                    || compared.here
                    || ' after. Score both with the same '
                    || 'columns.'
                )
            else true
        end
)

select * from checked
