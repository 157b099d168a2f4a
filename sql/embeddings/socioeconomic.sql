-- One row: one area of the socio-economic file with the columns that are used.
with source as (
    select * from read_csv(
        getvariable('socioeconomic_path'),
        delim = ',',
        quote = '"',
        escape = '"',
        header = true,
        all_varchar = true,
        hive_partitioning = false
    )
),

chosen as (
    select
        columns(lambda c: lower(c) = lower(getvariable('id_column'))) as area,
        columns(
            lambda c: c = getvariable('target')
            or c in getvariable('predictors')
            or c in getvariable('map_variables')
        )
    from source
),

-- An empty cell or NaN is a missing value; any other text is refused.
numbers as (
    select
        area,
        case
            when coalesce(trim(columns(* exclude (area))), '') = '' then null
            when try_cast(columns(* exclude (area)) as double) is null
                then error(
                    'Area ' || area || ' holds the text "'
                    || columns(* exclude (area)) || '" in column '
                    || alias(columns(* exclude (area)))
                    || ' of the socio-economic file, where a number is expected. '
                    || 'Correct the file, or empty the cell: the forests then go '
                    || 'without the area.'
                )
            when isinf(try_cast(columns(* exclude (area)) as double))
                then error(
                    'Area ' || area || ' holds an infinity in column '
                    || alias(columns(* exclude (area)))
                    || ' of the socio-economic file. Correct the file.'
                )
            when not isnan(try_cast(columns(* exclude (area)) as double))
                then try_cast(columns(* exclude (area)) as double)
        end
    from chosen
)

select * from numbers
