-- One row: one area in one of the years, which way its mean embedding points, how long.
with source as (
    select
        'earlier' as year,
        columns(lambda c: lower(c) = lower(getvariable('id_column')))::varchar as area,
        columns(lambda c: c in getvariable('dimensions'))::varchar
    from read_parquet(getvariable('earlier_path'))
    union all by name
    select
        'later' as year,
        columns(lambda c: lower(c) = lower(getvariable('id_column')))::varchar as area,
        columns(lambda c: c in getvariable('dimensions'))::varchar
    from read_parquet(getvariable('later_path'))
),

as_found as (
    select * from source
    unpivot include nulls (
        found for column_name in (columns(* exclude (year, area)))
    )
),

as_numbers as (
    select
        as_found.year,
        as_found.area,
        as_found.column_name,
        dimensions.place,
        as_found.found,
        if(
            isnan(try_cast(as_found.found as double)),
            null,
            try_cast(as_found.found as double)
        ) as coordinate
    from as_found
    inner join dimensions on as_found.column_name = dimensions.column_name
),

problems as (
    select
        count(distinct area) as areas,
        min(
            { 'area': area, 'year': year, 'column_name': column_name, 'found': found }
        ) as one
    from as_numbers
    where is_refused_mean(found, coordinate, getvariable('missing_values'))
),

checked as (
    select as_numbers.*
    from as_numbers
    cross join problems
    where
        case
            when problems.areas = 0 then true
            else error(refused_mean(
                problems.one,
                problems.areas,
                problems.one.year,
                case
                    when getvariable('missing_values') = 'refuse'
                        then
                            ', or empty it and go without such areas with '
                            || '--set years.missing_values=leave_out.'
                    else ', or empty it.'
                end
            ))
        end
),

positions as (
    select
        year,
        area,
        case
            when count(*) = count(coordinate)
                then
                    list(coordinate order by place)
                    filter (where coordinate is not null)
        end as position
    from checked
    group by year, area
),

measured as (
    select
        *,
        sqrt(list_inner_product(position, position)) as mix
    from positions
),

pointing as (
    select
        year,
        area,
        mix,
        case
            when mix = 0
                then error(
                    'Area ' || area || ' has an embedding of zeros in the ' || year
                    || ' file, which points nowhere: leave the area out of the file.'
                )
            else list_transform(position, lambda x: x / mix)
        end as direction
    from measured
)

select * from pointing
