-- One row: one area and its district, by which scores are told.
with chosen as (
    select
        columns(
            lambda c: c = 'record_id' or c = getvariable('district_by')
        )::varchar
    from area_records
),

-- The code comes first; a second value is there only where the file has that column.
listed as (
    select [*columns(*)] as found from chosen
),

of_column as (
    select
        found[1] as area,
        case
            when
                len(found) = 2
                or getvariable('district_by') = 'name'
                or try_cast(getvariable('district_by') as integer) > 0
                then found[2]
            else error(
                'district_by = ' || getvariable('district_by') || ' is neither name '
                || 'nor a number of characters, and no column of the areas file is '
                || 'called so.'
            )
        end as district
    from listed
),

named as (
    select
        areas.area,
        coalesce(
            case
                when getvariable('district_by') = 'name'
                    -- 'City of London 001A' belongs to 'City of London'.
                    then regexp_replace(areas.area_name, '\s+\S+$', '')
                when try_cast(getvariable('district_by') as integer) > 0
                    then left(areas.area, getvariable('district_by')::integer)
                else of_column.district
            end,
            'unknown'
        ) as district
    from areas
    left join of_column on areas.area = of_column.area
)

select * from named
