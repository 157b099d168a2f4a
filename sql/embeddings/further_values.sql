-- One row: one area and one further column of its file that is put on maps.
with chosen as (
    select
        record_id as record_area,
        -- There is always something to unpivot, which loses what has no value.
        null::varchar as nothing,
        columns(
            lambda c: c = 'record_id'
            or (
                c in getvariable('map_variables')
                and c <> getvariable('target')
                and not list_contains(getvariable('predictors'), c)
            )
        )
    from socioeconomic_records
),

long as (
    unpivot chosen
    on columns(* exclude (record_area, record_id)) into name column_name value found
),

numbers as (
    select
        record_area as area,
        own_name(column_name) as variable,
        figure_of(
            found, record_area, column_name, getvariable('missing_codes')
        ) as value
    from long
)

select * from numbers
where value is not null
