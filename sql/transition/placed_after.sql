-- One row: one area of the later scoring.
with source as (
    select * from read_parquet(getvariable('after_file'))
),

-- Both must be measured by the same variables, or a move might be a missing column.
compared as (
    select
        any_value(source.variables) as here,
        (select any_value(placed_before.variables) from placed_before) as there
    from source
)

select source.*
from source
cross join compared
where
    case
        when compared.here <> compared.there
            then error(
                'The two scorings are made of other variables: '
                || array_to_string(
                    list_filter(
                        compared.here || compared.there,
                        lambda v: not (
                            v in compared.here and v in compared.there
                        )
                    ),
                    ', '
                ) || '. Score both with the same columns.'
            )
        else true
    end
