-- One row: one area with all its embedding dimensions, sorted by number.
with source as (
    select
        record_id as area,
        columns(lambda c: c in getvariable('dimensions'))::varchar
    from area_records
),

as_found as (
    select * from source
    unpivot include nulls (found for column_name in (columns(* exclude (area))))
),

-- Text becomes null; a NaN and what missing_codes declares count as missing.
as_numbers as (
    select
        as_found.area,
        dimensions.dimension,
        as_found.column_name,
        as_found.found,
        case
            when
                is_code(
                    try_cast(as_found.found as double), getvariable('missing_codes')
                )
                then null
            when not isnan(try_cast(as_found.found as double))
                then try_cast(as_found.found as double)
        end as coordinate
    from as_found
    inner join dimensions
        on as_found.column_name = dimensions.column_name
),

problems as (
    select
        count(distinct area) as areas,
        min(
            { 'area': area, 'column_name': column_name, 'found': found }
        ) as one
    from as_numbers
    where is_refused_mean(found, coordinate, getvariable('missing_values'))
),

checked as (
    select
        as_numbers.area,
        as_numbers.dimension,
        as_numbers.coordinate
    from as_numbers
    cross join problems
    where
        case
            when problems.areas = 0 then true
            else error(refused_mean(
                problems.one,
                problems.areas,
                'areas',
                case
                    when getvariable('missing_values') = 'refuse'
                        then
                            ', or go without areas that have no value with '
                            || '--set embeddings.missing_values=leave_out.'
                    else '.'
                end
            ))
        end
),

-- The new columns come in the order of their names.
wide as (
    pivot checked
    on dimension using first(coordinate)
    group by area
)

select * from wide
where columns(*) is not null
