-- One row: one area to score, with the variables of the model that its file has.
with source as (
    select * from query_table(getvariable('areas_file'))
),

named as (
    select
        columns(lambda c: c = getvariable('area_column'))::varchar as area,
        columns(
            lambda c: c <> getvariable('area_column')
            and c in getvariable('model_variable_codes')
        )
    from source
),

found as (
    select
        area,
        nullif(
            case
                when
                    columns(* exclude (area)) is not null
                    and try_cast(columns(* exclude (area)) as double) is null
                    then error(
                        'The areas'' column ' || alias(columns(* exclude (area)))
                        || ' holds "' || columns(* exclude (area))
                        || '", which is no number; correct it or leave it empty.'
                    )
                else try_cast(columns(* exclude (area)) as double)
            end,
            'nan'
        )
    from named
)

select * from found
